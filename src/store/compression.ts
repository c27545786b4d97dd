import * as zlib from 'node:zlib';

/** Node has it since 22.15; a fifth of the time of gzip, and smaller. */
const hasZstd = zlib.zstdCompressSync !== undefined;
const ZSTD_MAGIC = 0xfd2fb528;
const FAST = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

export const compress = (text: string): Uint8Array =>
  hasZstd ? zlib.zstdCompressSync(text, FAST) : zlib.gzipSync(text, { level: 1 });

/** What was compressed here, or by another version of Node. Throws for bytes that are damaged, or that this Node cannot read. */
export function decompress(compressed: Uint8Array): string {
  const bytes = Buffer.from(compressed.buffer, compressed.byteOffset, compressed.byteLength);
  if (bytes.byteLength < 4 || bytes.readUInt32LE(0) !== ZSTD_MAGIC) return zlib.gunzipSync(bytes).toString();
  if (!hasZstd) throw new Error('it holds what a newer Node compressed; this needs Node 22.15 or newer');
  return zlib.zstdDecompressSync(bytes).toString();
}
