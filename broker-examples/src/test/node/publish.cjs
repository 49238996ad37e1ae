// Publishes one value as the protocol's document shows it: node publish.cjs URL TOPIC JSON
const [url, topic, json] = process.argv.slice(2);
const ws = new WebSocket(url);

ws.onopen = () => {
    const data = { name: topic, type: 'any', data: JSON.parse(json) };
    ws.send(JSON.stringify({ action: 'publish', topic, data }));
    ws.close(1000);
};
ws.onclose = (event) => {
    console.log('closed', event.code);
    process.exitCode = event.code === 1000 ? 0 : 1;
};
