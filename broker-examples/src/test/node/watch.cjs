// Connects and tells what becomes of the connection: node watch.cjs URL
const ws = new WebSocket(process.argv[2]);

ws.onerror = (event) => console.log(`refused ${event.message}`);
ws.onopen = () => console.log('open');
ws.onclose = (event) => console.log(`closed ${event.code} ${event.reason}`);
