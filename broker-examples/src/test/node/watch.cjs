// Connects and tells what becomes of the connection: node watch.cjs URL
const ws = new WebSocket(process.argv[2]);

ws.onopen = () => console.log('open');
ws.onclose = (event) => console.log(`closed ${event.code} ${event.reason}`);
