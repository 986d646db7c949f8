/** A CRC32 as S3 takes and tells it: its four bytes, the highest first, in base64. */
export function crc32Text(checksum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum);
  return bytes.toString('base64');
}
