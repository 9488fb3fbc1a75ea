import { describe, expect, test } from 'vitest';
import { compareReleases, describeRelease, releaseDocuments } from '#core/live/helm/documents.ts';
import { maskValues } from '#core/live/helm/mask.ts';
import { maskManifest } from '#core/live/helm/maskManifest.ts';
import { isSecretName, isSecretText } from '#core/live/helm/secrecy.ts';
import { describeDifference } from '#core/text/difference.ts';
import { decodeMade, makeRelease } from '#test/support/helmReleases.ts';

const M = '••••••';

test.each([
  'password',
  'rootPassword',
  'DB_PASSWORD',
  'db-passwd',
  'apiKey',
  'api_token',
  'tls.key',
  'encryptionKey',
  'secret',
  'clientSecret',
  'AWS_SECRET_ACCESS_KEY',
  'sasl.jaas.config',
  'credentials',
  'githubtoken',
])('%s is the name of a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each([
  'secretName',
  'existingSecret',
  'existingSecretName',
  'secretRef',
  'imagePullSecrets',
  'publicKey',
  'tokenExpirationSeconds',
  'passwordFile',
  'topologyKey',
  'key',
  'keyboard',
  'monkey',
  'replicas',
  'image',
  'compass',
  'author',
])('%s is not', (name) => {
  expect(isSecretName(name)).toBe(false);
});

test.each([
  ['postgres://app:s3cret@db:5432/orders', true],
  ['Server=db;Password=x;', true],
  ['org.apache.kafka PlainLoginModule required username="a" password="b";', true],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', true],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc', true],
  ['AKIAIOSFODNN7EXAMPLE', true],
  ['https://example.org:8443/path', false],
  ['-----BEGIN CERTIFICATE-----', false],
  ['automountServiceAccountToken: false', false],
  ['the password is in the Secret', false],
])('%s holds a secret: %s', (text, expected) => {
  expect(isSecretText(text)).toBe(expected);
});

describe('values', () => {
  test('hide what looks like a secret and nothing else', () => {
    const values = {
      replicas: 3,
      auth: { enabled: true, username: 'app', password: 'hunter2', existingSecret: 'orders-auth', token: '' },
      secrets: { FIRST: 'a', nested: { second: 7, on: true }, list: ['x'] },
      env: [
        { name: 'DB_PASSWORD', value: 'y' },
        { name: 'MODE', value: 'fast' },
        { name: 'DB_TOKEN', valueFrom: { secretKeyRef: { name: 'db', key: 'token' } } },
      ],
      url: 'amqp://user:pw@queue/',
      tolerations: [{ key: 'dedicated', value: 'kafka' }],
    };
    const { values: masked, hidden } = maskValues(values);
    expect(masked).toEqual({
      replicas: 3,
      auth: { enabled: true, username: 'app', password: M, existingSecret: 'orders-auth', token: '' },
      secrets: { FIRST: M, nested: { second: M, on: true }, list: [M] },
      env: [
        { name: 'DB_PASSWORD', value: M },
        { name: 'MODE', value: 'fast' },
        { name: 'DB_TOKEN', valueFrom: { secretKeyRef: { name: 'db', key: 'token' } } },
      ],
      url: M,
      tolerations: [{ key: 'dedicated', value: 'kafka' }],
    });
    expect(hidden).toBe(6);
  });

  test('say that a hidden one has changed without showing it', () => {
    const before = { a: { password: 'one', token: 'same' } };
    const after = { a: { password: 'two', token: 'same' }, newPassword: 'x' };
    expect(maskValues(after, before).values).toEqual({
      a: { password: `${M} (changed)`, token: M },
      newPassword: `${M} (changed)`,
    });
  });

  test('that are deeper than anybody writes them are hidden below', () => {
    let value: Record<string, unknown> = { password: 'deep' };
    for (let depth = 0; depth < 5_000; depth++) value = { below: value };
    expect(JSON.stringify(maskValues(value).values)).not.toContain('"deep"');
  });
});

describe('a manifest', () => {
  const SECRET = [
    '---',
    '# Source: kafka/templates/secret.yaml',
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    '  name: orders-auth',
    'type: Opaque',
    'data:',
    '  client-password: "aHVudGVyMg=="',
    '  tls.key: |',
    '    LS0tLS1CRUdJTg==',
    '    bW9yZQ==',
    'stringData:',
    '    plain: hunter2',
    '',
  ].join('\n');

  test('shows the keys of Secrets and not their values', () => {
    expect(maskManifest(SECRET)).toBe(
      [
        '---',
        '# Source: kafka/templates/secret.yaml',
        'apiVersion: v1',
        'kind: Secret',
        'metadata:',
        '  name: orders-auth',
        'type: Opaque',
        'data:',
        `  client-password: ${M}`,
        `  tls.key: ${M}`,
        'stringData:',
        `    plain: ${M}`,
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['in one line', '---\n# Source: a.yaml\n{"apiVersion":"v1","kind":"Secret","data":{"a":"aHVudGVyMg=="}}\n'],
    [
      'in a list',
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    data:\n      a: aHVudGVyMg==\n',
    ],
    ['as a list of Secrets', 'apiVersion: v1\nkind: SecretList\nitems:\n  - data: { a: aHVudGVyMg== }\n'],
    ['with data in one line', 'apiVersion: v1\nkind: "Secret" # of mine\ndata: { a: aHVudGVyMg== }\n'],
    ['with data first', 'data:\n- aHVudGVyMg==\n? complex\n: aHVudGVyMg==\nkind: Secret\n'],
    ['with a tag', 'kind: !!str Secret\ndata:\n  a: aHVudGVyMg==\n'],
    ['with quoted fields', 'kind: Secret\n"data":\n  a: aHVudGVyMg==\n'],
    [
      'in an annotation',
      'kind: ConfigMap\nmetadata:\n  annotations:\n    last: \'{"kind":"Secret","data":{"a":"aHVudGVyMg=="}}\'\n',
    ],
    [
      'in a variable',
      'kind: Pod\nspec:\n  containers:\n    - env:\n        - name: API_TOKEN\n          value: |-\n            aHVudGVyMg==\n',
    ],
    [
      'as a private key',
      'kind: ConfigMap\ndata:\n  k: |\n    -----BEGIN PRIVATE KEY-----\n    aHVudGVyMg==\n    -----END PRIVATE KEY-----\n',
    ],
    ['as a setting', 'kind: ConfigMap\ndata:\n  a.properties: |\n    ssl.keystore.password=aHVudGVyMg==\n'],
  ])('never shows a secret %s', (_, manifest) => {
    expect(maskManifest(manifest)).not.toContain('aHVudGVyMg==');
  });

  test('keeps everything else, also what comes behind', () => {
    const rest =
      '---\nkind: StatefulSet\nspec:\n  template:\n    spec:\n      containers:\n        - env:\n            - name: API_TOKEN\n              value: x\n            - name: MODE\n              value: fast\n      volumes:\n        - secret:\n            secretName: orders-auth\n';
    expect(maskManifest(SECRET + rest)).toContain(rest.replace('value: x', `value: ${M}`));
  });
});

describe('documents of a release', () => {
  const release = decodeMade(makeRelease());

  test('have all parts, secrets hidden unless they are asked for', () => {
    const documents = releaseDocuments(release, 'hidden');
    expect(documents.map(({ part }) => part)).toEqual(['values', 'computed values', 'manifest', 'hooks', 'notes']);
    expect(documents[0]?.text).toBe(`replicas: 3\nauth:\n  password: ${M}\nresources:\n  limits: null\n`);
    expect(releaseDocuments(release, 'shown')[0]?.text).toContain('hunter2');
    expect(JSON.stringify(documents)).not.toContain('hunter2');
    expect(describeRelease(release)).toBe('kafka 32.4.3 (app 4.0.0), revision 7: Upgrade complete');
  });

  test('of two revisions show what differs and only that secrets do', () => {
    const before = decodeMade(
      makeRelease({
        version: 6,
        config: { replicas: 1, auth: { password: 'old' } },
        manifest: 'kind: Secret\ndata:\n  a: b\n',
      }),
    );
    const after = decodeMade(
      makeRelease({ config: { replicas: 3, auth: { password: 'new' } }, manifest: 'kind: Secret\ndata:\n  a: c\n' }),
    );
    const [values, , manifest, ...more] = compareReleases(before, after, 'hidden');
    expect(values?.text).toBe(`-replicas: 1\n+replicas: 3\n auth:\n-  password: ${M}\n+  password: ${M} (changed)\n`);
    expect([manifest?.part, manifest?.text, more.length]).toEqual([
      'manifest',
      '# Only secrets differ, which are not shown.\n',
      0,
    ]);
    expect(compareReleases(before, before, 'shown')).toEqual([]);
    expect(compareReleases(before, after, 'shown').find(({ part }) => part === 'manifest')?.text).toContain('+  a: c');
  });
});

test('a difference shows three lines around each change and how many it leaves out', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const before = lines.join('\n');
  const after = [...lines.slice(0, 9), 'new', ...lines.slice(10)].join('\n');
  expect(describeDifference(before, after)).toBe(
    [
      '@@ 6 lines as before @@',
      ' line 6',
      ' line 7',
      ' line 8',
      '-line 9',
      '+new',
      ' line 10',
      ' line 11',
      ' line 12',
      '',
    ].join('\n'),
  );
  expect(describeDifference(before, before)).toBe('');
});
