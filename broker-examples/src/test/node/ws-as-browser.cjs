// Puts the npm package ws where a browser has its WebSocket.
globalThis.WebSocket = require('ws');
