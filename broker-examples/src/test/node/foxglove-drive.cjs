// Drives the robot as a viewer's teleoperation panel does, until it has moved: node foxglove-drive.cjs URL
const { FoxgloveClient } = require('@foxglove/ws-protocol');
const { WebSocket } = require('ws');

const client = new FoxgloveClient({ ws: new WebSocket(process.argv[2], [FoxgloveClient.SUPPORTED_SUBPROTOCOL]) });
const text = new TextDecoder();
let poses;
let lastTime = 0n;
let driving;

client.on('serverInfo', (info) => {
    console.log('server', info.name, info.capabilities.join(','), info.supportedEncodings.join(','));
    // What viewers announce by themselves, whatever the robot has.
    client.advertise({ topic: '/clicked_point', encoding: 'json', schemaName: 'geometry_msgs/PointStamped' });
    const drive = client.advertise({ topic: 'cmd_vel', encoding: 'json', schemaName: 'geometry_msgs/Twist' });
    driving = setInterval(() => {
        client.sendMessage(drive, new TextEncoder().encode(JSON.stringify({ linear: 0.5, angular: 0 })));
    }, 100);
});
client.on('advertise', (channels) => {
    for (const channel of channels) {
        console.log('channel', channel.topic, channel.encoding, channel.schemaName, channel.schema);
        if (channel.topic === 'pose') {
            poses = client.subscribe(channel.id);
        }
    }
});
client.on('time', ({ timestamp }) => { lastTime = timestamp; });
client.on('status', (status) => console.log('status', status.level, status.message));
client.on('message', ({ subscriptionId, timestamp, data }) => {
    const { x } = JSON.parse(text.decode(data));
    const aheadMs = Number(timestamp - lastTime) / 1e6;
    if (subscriptionId !== poses || aheadMs > 50) {
        console.log('wrong', subscriptionId, aheadMs);
    }
    if (x > 0.05 && driving !== undefined) {
        clearInterval(driving);
        driving = undefined;
        console.log('driven');
        client.close();
    }
});
client.on('close', (event) => console.log('closed', event.code));
client.on('error', (error) => console.log('error', error.message));
