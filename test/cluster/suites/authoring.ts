import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fixFile } from '../../../core/src/lint/check.ts';
import { makeEngine } from '../../support/lint.ts';
import { goodManifests, sample, type ManifestFile } from '../../support/manifests.ts';
import { applyObjects } from '../bed/kubectl.ts';
import { control, tryControl, type Suite, type TestCluster } from '../support/suite.ts';

/** Files that are no objects by themselves: parts of charts and of kustomizations. */
const PARTS = /\/\d+-(?:chart|kustomize)\//;

/** What kubectl says of a kind that nobody installed, and of an object that runs here already and was found right before. */
const BESIDE_THE_POINT = /no matches for kind|ensure CRDs are installed first|already exists|^$/;

export const authoring: Suite = {
  name: 'authoring',
  needs: [],
  tests: [
    {
      title: 'the manifests of the slides are refused as they are, and accepted once they are fixed',
      async run(cluster) {
        const engine = await makeEngine();
        for (const name of ['cassandra-slide.yaml', 'cassandra-slide-nested.yaml']) {
          assert.notEqual(await objections(cluster, sample(name)), '', `${name} is accepted as it is`);
          assert.equal(await objections(cluster, fixFile(sample(name), engine).text), '', name);
        }
      },
    },
    {
      title: 'every sample and every public shape is accepted',
      async run(cluster) {
        const files = goodManifests().filter(({ name }) => !PARTS.test(name));
        await ensureNamespaces(cluster, files);
        const refused: string[] = [];
        for (const { name } of files) {
          const said = await objections(cluster, readFileSync(name, 'utf8'));
          if (said !== '') refused.push(`${name}: ${said}`);
        }
        assert.deepEqual(refused, []);
        cluster.note(`${files.length} files`);
      },
    },
  ],
};

/** What the API server has against a text; empty when it would take all of it. Nothing is created. */
async function objections(cluster: TestCluster, text: string): Promise<string> {
  const args = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
  const { stderr } = await tryControl(cluster, args, { input: text });
  return stderr
    .split('\n')
    .filter((line) => !BESIDE_THE_POINT.test(line) && !line.startsWith('Warning:'))
    .join('\n');
}

/** A dry run asks for the namespace before anything else. */
async function ensureNamespaces(cluster: TestCluster, files: readonly ManifestFile[]): Promise<void> {
  const named = files.flatMap(({ text }) => [...text.matchAll(/\bnamespace"?: *"?([a-z0-9][-a-z0-9]*)/g)]);
  const wanted = new Set(named.map(([, name = '']) => name));
  const there = new Set(
    (await control(cluster, 'get', 'namespaces', '-o', 'name')).split('\n').map((name) => name.trim()),
  );
  const missing = [...wanted].filter((name) => !there.has(`namespace/${name}`));
  if (missing.length === 0) return;
  await applyObjects(
    cluster.access,
    missing.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  );
}
