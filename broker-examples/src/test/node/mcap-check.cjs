// Reads a recording that was not compressed and prints a line for each topic: node mcap-check.cjs FILE
const { readFileSync } = require('fs');
const { McapStreamReader } = require('@mcap/core');

const reader = new McapStreamReader({ validateCrcs: true });
reader.append(readFileSync(process.argv[2]));
const schemas = new Map();
const channels = new Map();
for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
    if (record.type === 'Schema') {
        schemas.set(record.id, record);
    } else if (record.type === 'Channel' && !channels.has(record.id)) { // they come again in the summary
        channels.set(record.id, { ...record, messages: 0, last: 0n, texts: new Set(), faults: 0 });
    } else if (record.type === 'Message') {
        const channel = channels.get(record.channelId);
        const text = record.publishTime + Buffer.from(record.data).toString('latin1');
        channel.faults += record.publishTime < channel.last || channel.texts.has(text) ? 1 : 0;
        channel.last = record.publishTime;
        channel.texts.add(text);
        channel.messages++;
    }
}
for (const { topic, messageEncoding, schemaId, messages, faults } of channels.values()) {
    console.log('topic', topic, messageEncoding, schemas.get(schemaId).name, messages, 'faults', faults);
}
console.log('end', reader.done());
