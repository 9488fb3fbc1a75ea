import { describe, expect, it } from 'vitest';
import { listVersionChoices } from '#client/commands/kubernetesVersions.ts';
import { addSchemaEntries, toSchemaEntry } from '#client/commands/schemaEntries.ts';
import { readSnippets } from '#client/snippets/readSnippets.ts';
import { starterSnippet } from '#client/snippets/starterSnippet.ts';
import { describeProblem, UserProblem } from '#client/ui/problem.ts';

describe('listVersionChoices', () => {
  it('offers the newest first and marks the one in use', () => {
    const choices = listVersionChoices('1.34', '1.33');
    expect(choices.slice(0, 3)).toEqual([
      { label: 'Newest known', description: '1.34', value: '' },
      { label: '1.34', description: '', value: '1.34' },
      { label: '1.33', description: 'in use', value: '1.33' },
    ]);
    expect(choices.at(-1)?.value).toBe('1.23');
  });

  it('marks the default and keeps a version in use that is older than those offered', () => {
    expect(listVersionChoices('1.34', '')[0]?.description).toBe('1.34, in use');
    expect(listVersionChoices('1.34', '1.9')[1]).toMatchObject({
      value: '1.9',
      description: 'in use',
    });
  });

  it('offers no minors below zero', () => {
    expect(listVersionChoices('1.2', '').map(({ value }) => value)).toEqual(['', '1.2', '1.1', '1.0']);
  });
});

describe('entries of the setting for schemas', () => {
  it.each([
    ['/ws/crds/kafka.yaml', '/ws', 'crds/kafka.yaml'],
    ['/ws-two/kafka.yaml', '/ws', '/ws-two/kafka.yaml'],
    ['/elsewhere/kafka.yaml', '/ws', '/elsewhere/kafka.yaml'],
    ['/ws/kafka.yaml', undefined, '/ws/kafka.yaml'],
    ['C:/ws/crds', 'C:/ws', 'crds'],
  ])('writes %s in the folder %s as %s', (path, folder, entry) => {
    expect(toSchemaEntry(path, folder)).toBe(entry);
  });

  it('names nothing twice and keeps the order', () => {
    expect(addSchemaEntries(['b', 'a'], ['a', 'c', 'c'])).toEqual(['b', 'a', 'c']);
  });
});

describe('readSnippets', () => {
  it('reads bodies of one or several lines', () => {
    const text = JSON.stringify({
      One: { prefix: 'one', body: 'a: $1', description: 'First' },
      Two: { prefix: ['two'], body: ['a:', '  b: $0'] },
    });
    expect(readSnippets(text)).toEqual([
      { name: 'One', description: 'First', body: 'a: $1' },
      { name: 'Two', description: '', body: 'a:\n  b: $0' },
    ]);
  });

  it.each(['', '[]', 'null', '{"A": 1}', '{"A": {"prefix": "a"}}', '{"A": {"body": [1]}}'])(
    'gives nothing for %j',
    (text) => {
      expect(readSnippets(text)).toEqual([]);
    },
  );
});

describe('starterSnippet', () => {
  it('begins an object and takes no character of its names for snippet syntax', () => {
    const kind = {
      apiVersion: 'a.b/v1',
      kind: 'X$1}',
      origin: 'bundled',
      sourceName: 'S 1',
    } as const;
    expect(starterSnippet(kind)).toEqual({
      name: 'X$1}',
      description: 'a.b/v1, S 1',
      body: 'apiVersion: a.b/v1\nkind: X\\$1\\}\nmetadata:\n  name: ${1:name}\n$0',
    });
  });
});

describe('describeProblem', () => {
  it('says what failed, why, and what helps', () => {
    const problem = new UserProblem('No YAML is open', 'Open a manifest.');
    expect(describeProblem('Fix All', problem)).toBe('Fix All did not work. No YAML is open. Open a manifest.');
  });

  it.each([
    [new Error('broken!'), 'X did not work. broken! The log has the details.'],
    ['text', 'X did not work. text. The log has the details.'],
    [new Error(''), 'X did not work. The log has the details.'],
  ])('sends to the log for what nobody foresaw: %s', (error, message) => {
    expect(describeProblem('X', error)).toBe(message);
  });
});
