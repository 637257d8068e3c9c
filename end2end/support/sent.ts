// What a search by photos sends: the search as JSON and the photos, each behind its length.
import type { Request } from "@playwright/test";

export type Sent = { search: Record<string, unknown>; photos: Buffer[] };

export function readSent(request: Request): Sent {
  let rest = request.postDataBuffer() ?? Buffer.alloc(0);
  const parts: Buffer[] = [];
  while (rest.length > 0) {
    const length = rest.readUInt32BE(0);
    parts.push(rest.subarray(4, 4 + length));
    rest = rest.subarray(4 + length);
  }
  return { search: JSON.parse(parts[0].toString("utf8")), photos: parts.slice(1) };
}

/** Width and height of a JPEG, out of its frame header. */
export function jpegSize(jpeg: Buffer): [number, number] {
  let at = 2;
  while (at < jpeg.length) {
    const marker = jpeg[at + 1];
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  throw new Error("this is no JPEG");
}

/** A JPEG with a note of where it was taken, as phones write it (EXIF, in an APP1 segment). */
export function withPlace(jpeg: Buffer, note: string): Buffer {
  const body = Buffer.concat([Buffer.from("Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", "latin1"), Buffer.from(note)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
