// Calls services as a viewer's panel does, one after the other, and prints what comes of it: node foxglove-call.cjs URL [SERVICE JSON]...
// A service that is not advertised is called by a number that none has.
const { FoxgloveClient } = require('@foxglove/ws-protocol');
const { WebSocket } = require('ws');

const [url, ...calls] = process.argv.slice(2);
const client = new FoxgloveClient({ ws: new WebSocket(url, [FoxgloveClient.SUPPORTED_SUBPROTOCOL]) });
const services = new Map();
let callId = 0;
let name;

function callNext() {
    if (calls.length === 0) {
        client.close();
        return;
    }
    name = calls.shift();
    callId += 1;
    client.sendServiceCallRequest({
        serviceId: services.get(name)?.id ?? 4711,
        callId,
        encoding: services.get(name)?.request.encoding ?? 'json',
        data: new TextEncoder().encode(calls.shift()),
    });
}

client.on('serverInfo', (info) => {
    console.log('server', info.capabilities.join(','), info.supportedEncodings.join(','));
});
client.on('advertiseServices', (advertised) => {
    for (const service of advertised) {
        services.set(service.name, service);
        const { request, response } = service;
        for (const { schemaName, schemaEncoding, schema } of [request, response]) {
            console.log('schema', schemaName, schemaEncoding, JSON.stringify(JSON.parse(schema)));
        }
    }
    callNext();
});
client.on('serviceCallResponse', (response) => {
    const isAsked = response.serviceId === services.get(name)?.id && response.callId === callId;
    const reply = JSON.parse(new TextDecoder().decode(response.data));
    console.log(isAsked ? 'answer' : 'wrong', name, response.encoding, JSON.stringify(reply));
    callNext();
});
client.on('serviceCallFailure', (failure) => {
    console.log(failure.callId === callId ? 'failure' : 'wrong', name, failure.message);
    callNext();
});
client.on('status', (status) => console.log('status', status.level, status.message));
client.on('close', (event) => console.log('closed', event.code));
client.on('error', (error) => console.log('error', error.message));
