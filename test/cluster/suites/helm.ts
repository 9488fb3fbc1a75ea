import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { parse, parseAllDocuments } from 'yaml';
import type { DecodedRelease, ReleaseContent } from '#core/live/helm/decode.ts';
import { releaseDocuments } from '#core/live/helm/documents.ts';
import { fetchRelease } from '#core/live/helm/fetch.ts';
import type { HelmRelease } from '#core/live/view.ts';
import { asArray, asNumber, asText, at, parseJson, type Json } from '../bed/json.ts';
import { helm as runHelm, ledger } from '../bed/workloads/helmReleases.ts';
import { withLiveContext, type LiveContext } from '../support/liveContext.ts';
import type { Suite, TestCluster } from '../support/suite.ts';

const secrets = ['opening-balance', 'closing-balance'];

export const helm: Suite = {
  name: 'helm',
  needs: ['helm'],
  optional: true,
  tests: [
    {
      title: 'the history of a release is the one that Helm tells',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const release = releaseOf(live);
          const history = asArray(parseJson(await ask(test, 'history', '-o', 'json')));
          assert.deepEqual(
            release.revisions.map(({ revision, status }) => [revision, status]),
            history.map((one) => [asNumber(at(one, 'revision')), asText(at(one, 'status'))]).toReversed(),
          );
          test.note(`${release.revisions.length} revisions: ${release.health.sentence}`);
          assert.equal(release.health.level, 'healthy');
        }),
    },
    {
      title: 'of every revision, values, manifest, notes, hooks and what happened are those that Helm gives',
      run: (test) =>
        withLiveContext(test, async (live) => {
          const history = asArray(parseJson(await ask(test, 'history', '-o', 'json')));
          for (const [revision, content] of await readAll(live)) {
            const of = ['--revision', String(revision)];
            const told = history.find((one) => at(one, 'revision') === revision);
            const chart = `${content.chart.name}-${content.chart.version}`;
            assert.deepEqual(
              [content.description, chart, content.chart.appVersion],
              ['description', 'chart', 'app_version'].map((field) => asText(at(told, field))),
            );
            assert.deepEqual(content.values, json(await ask(test, 'get', 'values', '-o', 'json', ...of)) ?? {});
            assert.deepEqual(
              content.computedValues,
              json(await ask(test, 'get', 'values', '--all', '-o', 'json', ...of)),
            );
            assert.equal(content.manifest.trim(), (await ask(test, 'get', 'manifest', ...of)).trim());
            assert.equal(
              content.notes.trim(),
              (await ask(test, 'get', 'notes', ...of)).replace(/^NOTES:\n/, '').trim(),
            );
            const hooks = documents(await ask(test, 'get', 'hooks', ...of));
            assert.deepEqual(
              content.hooks.flatMap(({ manifest }) => documents(manifest)),
              hooks,
            );
          }
        }),
    },
    {
      title: 'nothing that is shown of any revision holds a password, whatever part it stands in',
      run: (test) =>
        withLiveContext(test, async (live) => {
          for (const [, content] of await readAll(live)) {
            const parts = releaseDocuments(content, 'hidden');
            assert.deepEqual(
              parts.map(({ part }) => part),
              ['values', 'computed values', 'manifest', 'hooks', 'notes'],
            );
            const shown = releaseDocuments(content, 'shown').map(({ text }) => text);
            assert.ok(secrets.some((secret) => shown.join('\n').includes(secret)));
            for (const { part, text } of parts) {
              for (const secret of secrets) assert.ok(!text.includes(secret), `${part} holds it`);
              // Masked, the values are still YAML.
              if (part.endsWith('values')) assert.equal(typeof parse(text), 'object');
            }
          }
        }),
    },
  ],
};

/** Helm takes the name of the release last. */
const ask = (test: TestCluster, ...args: string[]): Promise<string> =>
  runHelm(test.access, [...args, '-n', ledger.namespace, ledger.name]);

function releaseOf({ watch }: LiveContext): HelmRelease {
  const { namespace, name } = ledger;
  const found = watch.view.releases.find((one) => one.namespace === namespace && one.name === name);
  if (found === undefined) throw new Error(`The release ${name} is not seen.`);
  return found;
}

async function readAll(live: LiveContext): Promise<ReadonlyMap<number, ReleaseContent>> {
  const all = new Map<number, ReleaseContent>();
  for (const revision of releaseOf(live).revisions) {
    all.set(revision.revision, contentOf(await fetchRelease(live.cluster, ledger.namespace, revision, inflate)));
  }
  assert.ok(all.size >= 3);
  return all;
}

const inflate = (gzip: Uint8Array, maxOutputLength: number): Uint8Array => gunzipSync(gzip, { maxOutputLength });

function contentOf(decoded: DecodedRelease): ReleaseContent {
  if (decoded.kind === 'problem') throw new Error(decoded.problem);
  return decoded.release;
}

const json = (text: string): Json => parseJson(text);

const documents = (text: string): readonly Json[] =>
  parseAllDocuments(text)
    .map((document) => parseJson(JSON.stringify(document)))
    .filter((one) => one !== null);
