// Compares the language server with yaml-language-server on the same files and the same schema: completion, hover, edit to diagnostics, memory.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toJsonSchema } from './jsonSchema.mjs';
import { LspClient, pause, quantiles } from './lspClient.mjs';

const require = createRequire(import.meta.url);
/** Rounds that are not counted, so that both servers are warm, and those that are. */
const WARM_UP = 60;
const ROUNDS = 120;
const EDITS = 30;

const DOCUMENT = (index) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cassandra-${index}
  labels:
    app: cassandra-${index}
spec:
  serviceName: cassandra-${index}
  replicas: 3
  selector:
    matchLabels:
      app: cassandra-${index}
  template:
    metadata:
      labels:
        app: cassandra-${index}
    spec:
      terminationGracePeriodSeconds: 1800
      containers:
        - name: cassandra
          image: cassandra:5.0
          ports:
            - containerPort: 9042
              name: cql
          resources:
            limits:
              cpu: "2"
              memory: 4Gi
          volumeMounts:
            - name: data
              mountPath: /var/lib/cassandra
          env: []
`;

/** Places in one document where both servers have much to offer: a pod field, a container field, a value. */
const PLACES = [
  { line: 19, character: 10 },
  { line: 16, character: 6 },
  { line: 8, character: 4 },
];

export async function measureEditor({ storeFolder, serverCommand }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-bench-'));
  try {
    const schemaFile = path.join(folder, 'schema.json');
    writeFileSync(schemaFile, JSON.stringify(toJsonSchema(storeFolder, ['apps/v1/StatefulSet'])));
    const files = [
      { name: '32 lines', text: DOCUMENT(0), offset: 0 },
      {
        name: '6,400 lines, 200 documents',
        text: Array.from({ length: 200 }, (_, i) => DOCUMENT(i)).join('---\n'),
        offset: 100,
      },
    ];
    const results = [];
    for (const file of files) {
      const target = path.join(folder, `${file.text.length}.yaml`);
      writeFileSync(target, file.text);
      const firstLine = file.offset * DOCUMENT(0).split('\n').length;
      results.push({
        file: file.name,
        ours: await measure(serverCommand, {}, target, file.text, firstLine),
        peer: await measure(peerCommand(), peerConfiguration(schemaFile), target, file.text, firstLine),
      });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peerCommand() {
  const root = path.dirname(require.resolve('yaml-language-server/package.json'));
  return [process.execPath, path.join(root, 'bin', 'yaml-language-server'), '--stdio'];
}

function peerConfiguration(schemaFile) {
  return {
    yaml: {
      validate: true,
      hover: true,
      completion: true,
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: false },
      schemas: { [pathToFileURL(schemaFile).href]: ['*.yaml'] },
    },
  };
}

async function measure([command, ...args], configuration, file, text, firstLine) {
  const client = new LspClient(command, args, configuration);
  const uri = pathToFileURL(file).href;
  const start = performance.now();
  await client.initialize(pathToFileURL(path.dirname(file)).href);
  const initialize = performance.now() - start;
  await pause(500);
  const opened = performance.now();
  const first = client.nextDiagnostics(uri);
  client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  await first;
  const firstDiagnostics = performance.now() - opened;
  await pause(1500);
  const completion = [];
  const hover = [];
  let offered = 0;
  for (let i = -WARM_UP; i < ROUNDS; i++) {
    for (const place of PLACES) {
      const position = { line: firstLine + place.line, character: place.character };
      let before = performance.now();
      const result = await client.request('textDocument/completion', { textDocument: { uri }, position });
      if (i >= 0) completion.push(performance.now() - before);
      offered = Math.max(offered, (result?.items ?? result ?? []).length);
      before = performance.now();
      await client.request('textDocument/hover', {
        textDocument: { uri },
        position: { ...position, character: place.character + 1 },
      });
      if (i >= 0) hover.push(performance.now() - before);
    }
  }
  const edits = await measureEdits(client, uri, firstLine);
  const memory = client.residentMiB();
  await client.stop();
  return {
    initialize,
    firstDiagnostics,
    completion: quantiles(completion),
    offered,
    hover: quantiles(hover),
    edit: quantiles(edits),
    memory,
  };
}

/** Breaks and mends a value, so that every edit changes the findings. */
async function measureEdits(client, uri, firstLine) {
  const times = [];
  const line = firstLine + 8;
  for (let i = 0; i < EDITS; i++) {
    const broken = i % 2 === 0;
    const range = { start: { line, character: 12 }, end: { line, character: broken ? 13 : 16 } };
    const published = client.nextDiagnostics(uri);
    const before = performance.now();
    client.notify('textDocument/didChange', {
      textDocument: { uri, version: i + 2 },
      contentChanges: [{ range, text: broken ? 'many' : '3' }],
    });
    const { diagnostics } = await published;
    times.push(performance.now() - before);
    // Only we say more of this manifest than what its schema says.
    const found = diagnostics.some(({ range: { start } }) => start.line === line);
    if (broken !== found) throw new Error(`expected ${broken ? 'a finding' : 'none'} in line ${line}`);
    await pause(60);
  }
  return times;
}
