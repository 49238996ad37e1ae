// Takes 50 messages a second of a topic whose values are times, and does nothing else between them: node slow.cjs URL TOPIC SECONDS OPTIONS
const [url, topic, seconds, options] = process.argv.slice(2);
const socket = new WebSocket(url);
let began, first, last;
let oldest = 0, came = 0, told = 0;

// Nothing else runs meanwhile, as with work, but other processes have the processor.
function work(millis) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

socket.onopen = () => {
  socket.send(JSON.stringify({ action: 'subscribe', topic, options: JSON.parse(options) }));
  began = Date.now();
};
socket.onmessage = (event) => {
  const frame = JSON.parse(event.data);
  if (frame.action === 'publish') {
    last = frame.seq;
    if (first === undefined) {
      first = last;
    } else {
      told += (frame.dropped ?? 0) + (frame.skipped ?? 0);
    }
    came++;
    if (Date.now() - began > 1000) {
      oldest = Math.max(oldest, Date.now() - frame.data.data);
    }
  }
  if (Date.now() - began > seconds * 1000) {
    console.log(`oldest ${oldest} ms, came ${came}, told ${told}, untold ${last - first + 1 - came - told}`);
    process.exit(0);
  }
  work(20);
};
