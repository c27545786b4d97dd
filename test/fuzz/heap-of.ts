/** What is left in the heap of a process that was started with `--inspect`, after garbage collections; bytes. */
export async function heapOf(inspectorUrl: string): Promise<number> {
  const socket = new WebSocket(inspectorUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const ask = (method: string) =>
    new Promise<{ usedSize: number }>((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(data).result);
      socket.send(JSON.stringify({ id: 1, method }));
    });
  // Finalizers run between two.
  for (let times = 0; times < 3; times++) await ask('HeapProfiler.collectGarbage');
  const { usedSize } = await ask('Runtime.getHeapUsage');
  socket.close();
  return usedSize;
}
