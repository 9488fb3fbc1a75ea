import {
  fixedText,
  readFile,
  readMap,
  type SettingSite,
  type WrittenSetting,
} from '#core/configuration/writtenSettings.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { completeTable } from '#core/systems/completeTable.ts';
import type { FreeFormPlace, KnowledgeTable } from '#core/systems/contract.ts';
import { readDocumentFacts } from '#core/systems/documentFacts.ts';
import type { Setting } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { isOtherProduct, versionAt, versionOfImage } from '#core/systems/knownPlace.ts';
import { environmentOf, fileKnowledge, freeFormPlaces, recognizeDocument } from '#core/systems/registry.ts';
import { variableOf } from '#core/systems/tables.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

const known = new WeakMap<ObjectView, readonly SettingSite[]>();

/** Every place of an object where settings of Kafka, Cassandra or Spark are written. */
export function settingSites(object: ObjectView): readonly SettingSite[] {
  const before = known.get(object);
  if (before) return before;
  const sites = [...mapSites(object), ...fileSites(object), ...brokerSites(object), ...variableSites(object)];
  known.set(object, sites);
  return sites;
}

/** What becomes of a value that cannot be, by the system, and by the operator that looks first. */
const REFUSALS: Readonly<Record<string, string>> = {
  'kafka/broker': 'The broker does not start.',
  'kafka/topic': 'Kafka refuses the topic.',
  'kafka/connect': 'The worker does not start.',
  'cassandra/node': 'Cassandra does not start.',
  'spark/spark': 'The application fails when it reads the setting.',
  'kafka.strimzi.io/Kafka': 'Strimzi refuses the cluster.',
  'kafka.strimzi.io/KafkaConnect': 'Strimzi refuses the Connect cluster.',
};

function refusalOf({ catalogue }: KnowledgeTable, groupKind = ''): string {
  const link = catalogue ? `${catalogue.system}/${catalogue.table}` : '';
  return REFUSALS[groupKind] ?? REFUSALS[link] ?? 'The program does not start.';
}

function mapSites(object: ObjectView): readonly SettingSite[] {
  const root = object.root.content;
  return freeFormPlaces(object.kind)
    .flatMap((place) =>
      place.table.catalogue ? viewsAt(object.root, place).map(({ view, path }) => ({ place, view, path })) : [],
    )
    .flatMap(({ place, view, path }): SettingSite[] => {
      if (isOtherProduct(place, root, path)) return [];
      const table = completeTable(place.table, object.settings);
      const version = versionAt(place, root, path);
      return [{ table, version, settings: readMap(view), refusal: refusalOf(table, object.groupKind) }];
    });
}

interface FoundView {
  readonly view: NodeView;
  readonly path: YamlPath;
}

/** The maps a place stands for, one for every item of the lists on the way. */
function viewsAt(root: NodeView, { path }: FreeFormPlace): readonly FoundView[] {
  let found: readonly FoundView[] = [{ view: root, path: [] }];
  for (const step of path.replaceAll('[]', '.[]').split('.')) {
    found = found.flatMap(({ view, path: before }) =>
      step === '[]'
        ? view.items.map((item, index) => ({ view: item, path: [...before, index] }))
        : [{ view: view.field(step), path: [...before, step] }],
    );
  }
  return found.filter(({ view }) => view.content?.kind === 'map');
}

/** Texts in custom resources that are files. */
const FILES_IN_KINDS: Readonly<Record<string, readonly string[]>> = {
  'kafka.banzaicloud.io/KafkaCluster': ['readOnlyConfig', 'clusterWideConfig'],
};

function fileSites(object: ObjectView): readonly SettingSite[] {
  const brokers = fileKnowledge('server.properties');
  const inKind = FILES_IN_KINDS[object.groupKind] ?? [];
  if (brokers && inKind.length > 0) return inKind.map((name) => fileSite(object.spec.field(name), brokers, object));
  if (object.groupKind !== '/ConfigMap') return [];
  const files = object.root.field('data').fields.flatMap((view) => {
    const file = fileKnowledge(String(view.step));
    return file?.table.catalogue ? [{ view, file, system: file.table.catalogue.system }] : [];
  });
  if (files.length === 0) return [];
  const owner = recognizeDocument(readDocumentFacts(object))?.system;
  return files.filter(({ system }) => system === owner).map(({ view, file }) => fileSite(view, file, object));
}

function fileSite(
  view: NodeView,
  file: NonNullable<ReturnType<typeof fileKnowledge>>,
  object: ObjectView,
): SettingSite {
  const table = completeTable(file.table, object.settings);
  return { table, version: undefined, settings: readFile(view, file, object.text), refusal: refusalOf(table) };
}

/** Brokers of workloads, whose settings come from variables and from the command line. */
function brokerSites(object: ObjectView): readonly SettingSite[] {
  const brokers = fileKnowledge('server.properties')?.table;
  if (!brokers) return [];
  return viewBrokers(object).flatMap(({ workload, config, version }): SettingSite[] => {
    if (!workload) return [];
    const table = completeTable(brokers, object.settings);
    const settings = [...config.settings.values()].map(readBrokerSetting);
    return [{ table, version, settings, refusal: refusalOf(table) }];
  });
}

function readBrokerSetting({ name, written, value, at }: Setting): WrittenSetting {
  const variable = at.parent?.field('name');
  const own = variable?.content?.kind === 'scalar' && variable.text === written ? variable.content : undefined;
  const prefix = written.startsWith('KAFKA_CFG_') ? 'KAFKA_CFG_' : 'KAFKA_';
  return {
    name,
    value,
    isCollection: false,
    at,
    nameRange: own?.range,
    valueRange: undefined,
    ...(own && variable
      ? { nameAt: variable, rename: (other) => ({ range: own.range, newText: variableOf(prefix, other) }) }
      : {}),
  };
}

/** Images that turn variables into settings, but for those of brokers, which are read with everything else they are given. */
function variableSites(object: ObjectView): readonly SettingSite[] {
  return (viewPod(object)?.containers ?? []).flatMap(({ view }): SettingSite[] => {
    const image = view.field('image').text ?? '';
    const environment = environmentOf(image);
    if (!environment || environment.table.catalogue?.table === 'broker') return [];
    const table = completeTable(environment.table, object.settings);
    const settings = view.field('env').items.flatMap(readVariable);
    return [{ table, version: versionOfImage(environment, image), settings, refusal: refusalOf(table) }];
  });
}

function readVariable(variable: NodeView): WrittenSetting[] {
  const name = variable.field('name');
  const at = variable.field('value');
  if (name.text === undefined || name.content?.kind !== 'scalar' || !at.isPresent) return [];
  const { range } = name.content;
  const rename = (newText: string) => ({ range, newText });
  return [
    {
      name: name.text,
      value: fixedText(at.text),
      isCollection: false,
      at,
      nameRange: range,
      valueRange: undefined,
      nameAt: name,
      rename,
    },
  ];
}
