import { expect, test } from 'vitest';
import { PreviewFeed } from '#client/preview/previewFeed.ts';
import { textOf } from '#core/live/detail/html.ts';
import type { PreviewedDocument, PreviewResult } from '#core/protocol.ts';
import { application, previewOf } from '#test/core/preview/told.ts';

const etl = await previewOf(application('  driver: { memory: 2g }\n  executor: {}'));
const shown: PreviewedDocument = { state: 'preview', preview: etl };
const broken: PreviewedDocument = { state: 'broken', why: 'A quote is missing.', line: 6 };

function result(document: PreviewedDocument, index = 0, count = 1): PreviewResult {
  return { version: 1, index, count, documents: [document] };
}

function textAfter(...results: readonly (PreviewResult | null | undefined)[]): string {
  const feed = new PreviewFeed('jobs.yaml');
  for (const one of results) feed.take(one);
  return textOf(feed.render());
}

test('a preview is shown with its file, and in which of its documents', () => {
  expect(textAfter()).toContain('The preview is being made.');
  expect(textAfter(result(shown))).toMatch(/^SparkApplication etl jobs\.yaml/);
  expect(textAfter(result(shown, 1, 3))).toContain('jobs.yaml, document 2 of 3');
});

test('what was last good stays while the text is broken, with a note', () => {
  const text = textAfter(result(shown), result(broken));
  expect(text).toContain('Line 7 is broken: A quote is missing. This is the preview of before.');
  expect(text).toContain('2432 MiB');
  expect(textAfter(result(shown), result(broken), result(shown))).not.toContain('broken');
});

test('a broken text that was never good has nothing but the note', () => {
  const text = textAfter(result(broken));
  expect(text).toContain('Line 7 is broken: A quote is missing.');
  expect(text).not.toContain('of before');
});

test('the preview of one document is not shown for another', () => {
  expect(textAfter(result(shown, 0, 2), result(broken, 1, 2))).not.toContain('2432 MiB');
  const other = textAfter(result(shown, 0, 2), result({ state: 'other', what: 'v1 ConfigMap' }, 1, 2));
  expect(other).toContain('What is created of v1 ConfigMap cannot be told');
  expect(other).not.toContain('2432 MiB');
  expect(textAfter(result({ state: 'other', what: '' }))).toContain(
    'The cursor stands in no object of Spark or TFJob.',
  );
});

test('a server that does not answer and a file that is closed leave what is there', () => {
  expect(textAfter(result(shown), undefined)).toContain('does not answer. This is the preview of before.');
  const feed = new PreviewFeed('jobs.yaml');
  feed.take(result(shown));
  feed.close();
  expect(textOf(feed.render())).toContain('The file is closed. This is the preview of before.');
});
