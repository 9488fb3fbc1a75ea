import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { element } from '#core/live/detail/html.ts';
import { detailPage } from '#client/views/detail/page.ts';

const parts = {
  title: 'orders "<b>"',
  cspSource: 'https://*.vscode-cdn.net',
  script: 'https://host/detail.js',
  style: 'https://host/detail.css',
  nonce: 'abc123',
  tree: element('p', {}, '<script>alert(1)</script>'),
};

describe('the page of the detail view', () => {
  const page = detailPage(parts);

  test('allows nothing but its own script and styles', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.replaceAll('&#39;', "'")).toBe(
      "default-src 'none'; style-src https://*.vscode-cdn.net; script-src 'nonce-abc123'",
    );
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain('<script nonce="abc123" src="https://host/detail.js">');
    expect(page).not.toMatch(/ (?:style|on\w+)="/);
  });

  test('keeps what it is told as text', () => {
    expect(page).toContain('<title>orders &#34;&#60;b&#62;&#34;</title>');
    expect(page).toContain('<p>&#60;script&#62;alert(1)&#60;/script&#62;</p>');
  });
});

test('neither the script nor the styles reach outside, and the script reads no text as HTML', () => {
  const read = (file: string): string =>
    readFileSync(new URL(`../../../media/detail/${file}`, import.meta.url), 'utf8');
  expect(read('detail.js')).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(|fetch|XMLHttp|import\s*\(/,
  );
  expect(read('detail.css')).not.toMatch(/url\(|@import|#[0-9a-f]{3,8}\b|rgb/i);
});
