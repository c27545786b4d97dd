// A workload shaped like server rendering: many named functions, deep and varied stacks, allocation, pauses between.
// Deterministic, so that every profiler sees the same work.
const FUNCTIONS = 400;

let seed = 42;
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed % below;
};

const source = Array.from({ length: FUNCTIONS }, (_, i) => {
  const callees = Array.from({ length: 3 }, () => random(FUNCTIONS));
  return `function component${i}(depth, props) {
    let html = '<div id="' + (props.id * ${i + 1}) % 997 + '">';
    for (let k = 0; k < ${20 + random(60)}; k++) html += String.fromCharCode(97 + ((k * props.id) % 26));
    if (depth > 0) {
      html += all[[${callees.join(',')}][(props.id + depth) % 3]](depth - 1, { id: props.id + ${i % 7} });
      if (depth % 4 === 0) html += all[${callees[1]}](depth - 2, { id: props.id + 1 });
    }
    return html.length > 4000 ? html.slice(-2000) : html;
  }`;
});
const all = new Function(`const all = []; ${source.join('\n')}
  all.push(${Array.from({ length: FUNCTIONS }, (_, i) => `component${i}`).join(',')}); return all;`)();

/** Renders pages for about 12 ms of every 20 until the time is over. Says how late the loop came round at the worst. */
async function render(milliseconds) {
  const end = performance.now() + milliseconds;
  let pages = 0;
  let longestDelayMs = 0;
  while (performance.now() < end) {
    const sliceEnd = performance.now() + 12;
    while (performance.now() < sliceEnd) all[pages % FUNCTIONS](24 + (pages % 16), { id: pages++ });
    const rest = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 8));
    longestDelayMs = Math.max(longestDelayMs, performance.now() - rest - 8);
  }
  return { longestDelayMs };
}

module.exports = { render };
