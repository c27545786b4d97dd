// Functions whose places `lines` knows from this text: each begins with its name and ends with a brace of its own line.
function sumsRoots(milliseconds) {
  const end = performance.now() + milliseconds;
  let sum = 0;
  while (performance.now() < end) {
    for (let i = 1; i < 2000; i++) sum += Math.sqrt(i * sum + 1);
  }
  return sum;
}

function joinsWords(milliseconds) {
  const end = performance.now() + milliseconds;
  let length = 0;
  while (performance.now() < end) {
    let words = '';
    for (let i = 0; i < 500; i++) words += String.fromCharCode(97 + (i % 26));
    length += words.length;
  }
  return length;
}

function shiftsBits(milliseconds) {
  const end = performance.now() + milliseconds;
  let bits = 1;
  while (performance.now() < end) {
    for (let i = 0; i < 5000; i++) bits = ((bits << 1) ^ (bits >>> 3) ^ i) >>> 0;
  }
  return bits;
}

module.exports = { sumsRoots, joinsWords, shiftsBits };
