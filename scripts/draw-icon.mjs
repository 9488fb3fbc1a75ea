// Draws media/icon.png: four members of a cluster around what keeps them right. Run it after changing the shapes below.
import { writeFile } from 'node:fs/promises';
import { deflateSync, crc32 } from 'node:zlib';

const SIZE = 128;
/** Points per pixel and direction that are averaged, so that edges are smooth. */
const SAMPLES = 4;

const colors = {
  ground: [22, 50, 79],
  line: [127, 184, 230],
  member: [244, 248, 251],
  heart: [242, 163, 58],
};

/** @type {[number, number][]} */
const members = [
  [64, 31],
  [98, 64],
  [64, 97],
  [30, 64],
];

/** From back to front. `covers` says whether a point lies in the shape. */
const shapes = [
  { color: colors.ground, covers: inRoundedSquare(24) },
  ...members.map((place, index) => ({
    color: colors.line,
    covers: nearSegment(place, members.at((index + 1) % members.length) ?? place, 2.5),
  })),
  ...members.map((place) => ({ color: colors.line, covers: nearSegment(place, [64, 64], 2.5) })),
  ...members.map((place) => ({ color: colors.member, covers: inCircle(place, 13) })),
  { color: colors.ground, covers: inCircle([64, 64], 20) },
  { color: colors.heart, covers: inCircle([64, 64], 17) },
  { color: colors.ground, covers: nearSegment([56, 64.5], [62, 70.5], 2.6) },
  { color: colors.ground, covers: nearSegment([62, 70.5], [72.5, 58], 2.6) },
];

function inRoundedSquare(radius) {
  return ([x, y]) => {
    const dx = Math.max(Math.abs(x - SIZE / 2) - (SIZE / 2 - radius), 0);
    const dy = Math.max(Math.abs(y - SIZE / 2) - (SIZE / 2 - radius), 0);
    return Math.hypot(dx, dy) <= radius;
  };
}

function inCircle([cx, cy], radius) {
  return ([x, y]) => Math.hypot(x - cx, y - cy) <= radius;
}

function nearSegment([ax, ay], [bx, by], distance) {
  const [dx, dy] = [bx - ax, by - ay];
  return ([x, y]) => {
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
    const place = Math.min(Math.max(along, 0), 1);
    return Math.hypot(x - ax - place * dx, y - ay - place * dy) <= distance;
  };
}

function drawPixel(column, row) {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const x = column + ((sample % SAMPLES) + 0.5) / SAMPLES;
    const y = row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
    const shape = shapes.findLast(({ covers }) => covers([x, y]));
    if (!shape) continue;
    covered += 1;
    shape.color.forEach((part, index) => (sum[index] = (sum[index] ?? 0) + part));
  }
  const average = sum.map((part) => (covered === 0 ? 0 : Math.round(part / covered)));
  return [...average, Math.round((255 * covered) / (SAMPLES * SAMPLES))];
}

function encodePng() {
  const rows = Array.from({ length: SIZE }, (_, row) => [
    0,
    ...Array.from({ length: SIZE }, (__, column) => drawPixel(column, row)).flat(),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    encodeChunk('IHDR', header),
    encodeChunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    encodeChunk('IEND', Buffer.alloc(0)),
  ]);
}

function encodeChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

await writeFile(new URL('../media/icon.png', import.meta.url), encodePng());
