import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readCommandLine } from '#test/cluster/bed/commandLine.ts';
import { asArray, asText, at, parseJson, type Json } from '#test/cluster/bed/json.ts';
import { contents } from '#test/cluster/bed/native/images/contents.ts';
import { minors, nodeMinor, versions } from '#test/cluster/bed/versions.ts';
import { goPackage, goPrograms } from '#test/cluster/bed/native/goPrograms.ts';
import { sampleNames } from '#test/cluster/bed/workloads/samples.ts';

const root = path.join(import.meta.dirname, '..', '..');
const bed = path.join(root, 'test', 'cluster', 'bed');
const readText = (...parts: string[]): string => readFileSync(path.join(bed, ...parts), 'utf8');
const toJson = (value: unknown): Json => parseJson(JSON.stringify(value));
const documentsOf = (file: string): Json[] =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => toJson(document.toJS()));

describe('pinned versions', () => {
  test.each(minors)('the Go module of %s builds the version that is pinned', (minor) => {
    expect(readText('kubernetes', minor, 'go.mod')).toContain(`k8s.io/kubernetes v${versions.kubernetes[minor]}\n`);
    expect(versions.kubernetes[minor].startsWith(`${minor}.`)).toBe(true);
  });

  test('names are answered by the CoreDNS that is pinned', () => {
    expect(readText('kubernetes', nodeMinor, 'go.mod')).toContain(`github.com/coredns/coredns v${versions.coredns}`);
  });

  test.each(Object.entries(goPrograms))('the Go module of %s builds the version that is pinned', (name, program) => {
    expect(readText('programs', name, 'go.mod')).toContain(`\nrequire ${program.module} v${program.version}\n`);
    expect(readText('programs', name, 'tools.go')).toContain(`_ "${goPackage(program)}"`);
  });

  test('the trainer is given the JobSet that it is built with', () => {
    const modules = readText('programs', 'trainer-controller-manager', 'go.mod');
    expect(modules).toContain(`\tsigs.k8s.io/jobset v${versions.jobset} // indirect\n`);
  });

  test('kind runs the minor that the native nodes run', () => {
    expect(versions.kindNode).toMatch(new RegExp(`^kindest/node:v${nodeMinor.replace('.', '\\.')}\\.\\d+@sha256:`));
  });

  test('nothing is brought in a version that is not pinned', () => {
    const artifacts = Object.values(contents).flatMap((content) => content.artifacts);
    expect(artifacts.filter(({ version }) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

/** Of kind's v1alpha4, what is used here; kind itself refuses anything else too. */
const kindSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'apiVersion', 'nodes'],
  properties: {
    kind: { const: 'Cluster' },
    apiVersion: { const: 'kind.x-k8s.io/v1alpha4' },
    name: { type: 'string', pattern: '^[a-z0-9.-]+$' },
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          role: { enum: ['control-plane', 'worker'] },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
          extraMounts: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['hostPath', 'containerPath'],
              properties: { hostPath: { type: 'string' }, containerPath: { type: 'string', pattern: '^/' } },
            },
          },
        },
      },
    },
  },
};

test('the configuration for kind is one, with three workers that share a folder', () => {
  const configuration = toJson(parse(readText('kind', 'cluster.yaml')));
  const validate = new Ajv().compile(kindSchema);
  validate(configuration);
  expect(validate.errors ?? []).toEqual([]);
  const workers = asArray(at(configuration, 'nodes')).filter((node) => at(node, 'role') === 'worker');
  expect(workers.map((worker) => at(worker, 'extraMounts', 0, 'containerPath'))).toEqual(Array(3).fill('/shared'));
  expect(new Set(workers.map((worker) => at(worker, 'labels', 'topology.kubernetes.io/zone'))).size).toBe(3);
});

const overlays = ['native', 'kind'].flatMap((driver) => sampleNames.map((name) => ({ driver, name })));

describe.each(overlays)('the overlay of $name for $driver', ({ driver, name }) => {
  const folder = path.join(bed, 'workloads', 'overlays', driver, name);
  const kustomization = toJson(parse(readFileSync(path.join(folder, 'kustomization.yaml'), 'utf8')));
  const samples = asArray(at(kustomization, 'resources')).map((file) => path.resolve(folder, asText(file)));
  const objects = samples.flatMap(documentsOf);

  test('stands on samples of the product and on nothing else', () => {
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter((file) => path.dirname(file) !== path.join(root, 'samples'))).toEqual([]);
  });

  test('patches only what the samples have', () => {
    const files = asArray(at(kustomization, 'patches')).map((patch) => path.resolve(folder, asText(at(patch, 'path'))));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const merged = files.flatMap(documentsOf).filter((patch) => at(patch, 'kind') !== undefined);
    for (const patch of merged) {
      const same = objects.find((one) => identityOf(one) === identityOf(patch));
      expect(same, identityOf(patch)).toBeDefined();
      expect(containerNames(same)).toEqual(expect.arrayContaining(containerNames(patch)));
    }
  });

  test('asks a registry only where there is one', () => {
    const replaced = asArray(at(kustomization, 'images')).map((image) => asText(at(image, 'name')));
    const images = objects.flatMap(containersOf).map((container) => asText(at(container, 'image')).replace(/:.*/, ''));
    const kept = images.filter((image) => !replaced.includes(image));
    expect(kept).toEqual(driver === 'native' ? [] : images);
    expect(replaced.length > 0).toBe(driver === 'native');
  });
});

describe('the command line of the bed', () => {
  test('brings up both systems on three nodes unless told otherwise', async () => {
    const wish = await readCommandLine(['up', '--driver', 'native']);
    expect(wish).toMatchObject({ command: 'up', driver: 'native', workloads: ['kafka', 'cassandra'] });
    expect(wish.cluster).toMatchObject({ name: 'bed', hasNodes: true });
  });

  test('keeps control planes of two minors apart', async () => {
    const wishes = await Promise.all(
      minors.map((minor) => readCommandLine(['up', '--control-plane-only', '--kubernetes', minor])),
    );
    for (const key of ['name', 'apiPort', 'etcdPort', 'folder'] as const) {
      expect(new Set(wishes.map(({ cluster }) => cluster[key])).size).toBe(minors.length);
    }
  });

  test.each([
    [['fly'], 'Say one of: up, down'],
    [['up', 'zookeeper', '--driver', 'native'], 'There is no zookeeper. There are: kafka, cassandra'],
    [['up', 'helm', '--driver', 'kind'], 'helm: only with --driver native'],
    [['up', '--kubernetes', '1.12'], 'Kubernetes 1.12 is not pinned'],
    [['up', '--kubernetes', '1.33'], 'Add --control-plane-only for 1.33'],
    [['up', '--driver', 'docker'], 'There is no driver docker'],
    [['node-down', '9', '--driver', 'native'], 'Say which node'],
    [['cycles', '--times', 'many', '--driver', 'native'], '--times takes a number'],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(readCommandLine(args)).rejects.toThrow(message);
  });
});

const identityOf = (object: Json | undefined): string =>
  `${asText(at(object, 'kind'))}/${asText(at(object, 'metadata', 'name'))}`;

const containersOf = (object: Json | undefined): readonly Json[] =>
  asArray(at(object, 'spec', 'template', 'spec', 'containers'));

const containerNames = (object: Json | undefined): string[] =>
  containersOf(object).map((container) => asText(at(container, 'name')));
