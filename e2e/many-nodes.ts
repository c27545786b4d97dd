/** A `.cpuprofile` whose call tree has so many nodes, the same each time: 2,000 functions, forty deep at most. */
export function profileOfManyNodes(count: number): string {
  const nodes = [node(1, '(root)')];
  const depths = [0];
  const samples: number[] = [];
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (let id = 2; id <= count + 1; id++) {
    // Mostly below one of the last few, so that it grows deep in some places and wide in others.
    let parent = random(4) === 0 ? random(nodes.length) : nodes.length - 1 - random(Math.min(12, nodes.length));
    while ((depths[parent] ?? 0) >= 40) parent = random(parent);
    nodes.push(node(id, `function${random(2_000)}`));
    nodes[parent]?.children.push(id);
    depths.push((depths[parent] ?? 0) + 1);
  }
  for (const { id, children } of nodes) if (children.length === 0) samples.push(id);
  return JSON.stringify({
    nodes,
    samples,
    timeDeltas: samples.map(() => 1_000),
    startTime: 0,
    endTime: samples.length * 1_000,
  });
}

function node(id: number, functionName: string) {
  const callFrame = { functionName, url: `/app/${functionName}.js`, lineNumber: 1, columnNumber: 1 };
  return { id, callFrame, children: [] as number[] };
}
