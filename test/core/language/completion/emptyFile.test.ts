import { describe, expect, test } from 'vitest';
import { offerCompletions } from '#core/language/completion/completion.ts';
import type { CompletionEntry } from '#core/language/completion/entry.ts';
import { checkFile } from '#core/lint/check.ts';
import { bundledCatalog } from '#test/support/catalog.ts';
import { makeEngine } from '#test/support/lint.ts';

/** What people type into the places a skeleton leaves open, by the line it stands on; everything else comes from completion. */
type Answers = Readonly<Record<string, string>>;

const ANSWERS: Answers = {
  'serverVersion: ': '5.0.5',
  'port: ': '9092',
  'replicas: ': '3',
  'partitions: ': '6',
  'mainClass: ': 'org.example.App',
  'mainApplicationFile: ': 'local:///app.jar',
  'sparkVersion: ': '4.0.1',
};

describe('from an empty file, by completion alone', () => {
  test.each([
    ['kafka.strimzi.io/v1', 'Kafka'],
    ['kafka.strimzi.io/v1', 'KafkaNodePool'],
    ['kafka.strimzi.io/v1', 'KafkaTopic'],
    ['cassandra.datastax.com/v1beta1', 'CassandraDatacenter'],
    ['sparkoperator.k8s.io/v1beta2', 'SparkApplication'],
    ['spark.apache.org/v1', 'SparkApplication'],
    ['kubeflow.org/v1', 'TFJob'],
    ['trainer.kubeflow.org/v1alpha1', 'TrainJob'],
    ['apps/v1', 'StatefulSet'],
    ['policy/v1', 'PodDisruptionBudget'],
    ['v1', 'Service'],
  ])('%s %s becomes a manifest without findings', async (apiVersion, kind) => {
    const text = fillIn(await offered(apiVersion, kind));
    expect(text).toContain(`apiVersion: ${apiVersion}\nkind: ${kind}\n`);
    const { findings } = checkFile(text, await makeEngine());
    expect(findings.map(({ message }) => message)).toEqual([]);
  });

  test('the kinds of the four systems come before everything else', async () => {
    const offer = offerCompletions('', 0, { catalog: await bundledCatalog() });
    const bestRank = (kind: string) =>
      Math.min(...(offer?.entries ?? []).filter(({ label }) => label === kind).map(({ rank }) => rank));
    expect(bestRank('Kafka')).toBeLessThan(bestRank('Service'));
    expect(bestRank('TFJob')).toBeLessThan(bestRank('ConfigMap'));
  });

  test('versions that Kubernetes serves no more are not offered, unless the manifest is for a Kubernetes that does', async () => {
    const catalog = await bundledCatalog();
    const versions = (kubernetesVersion?: string) =>
      (
        offerCompletions('', 0, { catalog, ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }) })
          ?.entries ?? []
      )
        .filter(({ label }) => label === 'PodDisruptionBudget' || label === 'CronJob')
        .map(({ detail = '' }) => detail.slice(0, detail.indexOf(',')));
    expect(versions()).toEqual(versions('1.34'));
    expect(versions().toSorted()).toEqual(['batch/v1', 'policy/v1']);
    expect(versions('1.24').toSorted()).toEqual(['batch/v1', 'batch/v1beta1', 'policy/v1', 'policy/v1beta1']);
  });

  test('a TFJob comes with the container that its operator looks for', async () => {
    const { text } = await offered('kubeflow.org/v1', 'TFJob');
    expect(text).toMatch(/- name: \$\{\d:tensorflow\}/);
    expect(text).toMatch(/restartPolicy: \$\{\d\|OnFailure,Never,Always,ExitCode\|\}/);
  });

  test('a skeleton asks for a name once', async () => {
    const { text } = await offered('apps/v1', 'StatefulSet');
    expect(text).toContain('name: ${1:name}');
    expect(text.match(/app: \$1/g)).toHaveLength(2);
  });
});

async function offered(apiVersion: string, kind: string): Promise<CompletionEntry> {
  const offer = offerCompletions('', 0, { catalog: await bundledCatalog() });
  const entry = offer?.entries.find(({ label, detail }) => label === kind && detail?.startsWith(`${apiVersion},`));
  if (!entry) throw new Error(`${apiVersion} ${kind} is not offered`);
  return entry;
}

/** A user at a skeleton: takes suggestions and first choices, types a value where there is none. */
function fillIn({ text }: CompletionEntry): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\$\{\d+\|([^,|]+)[^|]*\|\}/g, '$1')
        .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
        .replaceAll(/\$1(?!\d)/g, 'name')
        .replaceAll(/\$\d+/g, answerFor(line)),
    )
    .join('\n');
}

function answerFor(line: string): string {
  const known = Object.entries(ANSWERS).find(([start]) => line.trim().replace(/^- /, '').startsWith(start));
  return known?.[1] ?? 'name';
}
