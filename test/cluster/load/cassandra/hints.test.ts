import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createHintClock, readHintFiles } from './hints.ts';

test('what files grow by is what was written, also by files that came and went', () => {
  const clock = createHintClock();
  clock.add(new Map([['old', 1000]]));
  clock.add(new Map([['old', 1500]]));
  clock.add(new Map([['new', 200]]));
  clock.markDone();
  clock.add(new Map([['new', 200]]));
  clock.add(new Map());
  expect(clock.summarize()).toEqual({ writtenBytes: 700, mostFiles: 1, filesWhenDone: 1, filesAtEnd: 0 });
});

test('hints of every volume are found, and nothing else', async () => {
  const volumes = await mkdtemp(path.join(tmpdir(), 'hints-'));
  try {
    for (const file of ['node1/1/hints/a-1-2.hints', 'node2/3/hints/b-1-2.hints', 'node2/3/hints/b-1-2.crc32']) {
      await mkdir(path.dirname(path.join(volumes, file)), { recursive: true });
      await writeFile(path.join(volumes, file), 'four');
    }
    const found = await readHintFiles(volumes);
    expect([...found.values()]).toEqual([4, 4]);
    expect(await readHintFiles(path.join(volumes, 'none'))).toEqual(new Map());
  } finally {
    await rm(volumes, { recursive: true });
  }
});
