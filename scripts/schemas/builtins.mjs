// Structure of the kinds Kubernetes itself serves, read from the type declarations of the npm package kubernetes-models.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  BUILT_IN_FACTS,
  CLUSTER_SCOPED,
  INT64_FIELDS,
  LIST_MAP_KEYS,
  OPTIONAL_ON_SERVER,
  PLURALS,
} from './builtinFacts.mjs';

const require = createRequire(import.meta.url);
const MODELS = path.dirname(require.resolve('kubernetes-models/package.json'));
const PACKAGES = path.join(MODELS, '..');

/** @returns {{ kinds: object[], nodes: Map<string, object> }} nodes are named `core/v1.Container`, `apps/v1.StatefulSetSpec`. */
export function readBuiltIns() {
  const reader = new DeclarationReader(require('@typescript/typescript6'));
  const kinds = [];
  for (const file of declarationFiles(MODELS)) {
    const text = readFileSync(file, 'utf8');
    const kind = /static kind: .*\["kind"\]/.test(text) ? path.basename(file, '.d.ts') : undefined;
    if (!kind || kind.endsWith('List')) continue;
    const apiVersion = /"apiVersion": "([^"]+)"/.exec(text)?.[1];
    if (!apiVersion) continue;
    const root = reader.type(file, `I${kind}`);
    kinds.push(describeKind(apiVersion, kind, root));
  }
  addFacts(reader.nodes);
  kinds.push(describeList(reader.nodes));
  return { kinds, nodes: reader.nodes };
}

function describeKind(apiVersion, kind, root) {
  const [version, group = ''] = apiVersion.split('/').toReversed();
  return {
    group,
    version,
    kind,
    plural: PLURALS[kind] ?? pluralOf(kind),
    scope: CLUSTER_SCOPED.has(kind) ? 'Cluster' : 'Namespaced',
    source: 'kubernetes-models',
    sourceName: 'Kubernetes 1.34',
    documentation: 'https://kubernetes.io/docs/reference/kubernetes-api/',
    since: '1.0',
    root,
  };
}

/** `kind: List` is how kubectl prints several objects; its items are objects of any kind. */
function describeList(nodes) {
  nodes.set('core/v1.List', {
    type: 'object',
    required: ['apiVersion', 'kind', 'items'],
    properties: {
      apiVersion: { type: 'string', enum: ['v1'] },
      kind: { type: 'string', enum: ['List'] },
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      items: {
        type: 'array',
        items: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  });
  return describeKind('v1', 'List', 'core/v1.List');
}

function pluralOf(kind) {
  const lower = kind.toLowerCase();
  if (/(?:s|x|ch|sh)$/.test(lower)) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

function* declarationFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === '_schemas' || entry.name === 'node_modules') continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* declarationFiles(file);
    else if (entry.name.endsWith('.d.ts') && entry.name !== 'index.d.ts') yield file;
  }
}

/** Turns interfaces into schema nodes; every interface becomes one node with a name, so that shared types are shared. */
class DeclarationReader {
  nodes = new Map();
  #ts;
  #files = new Map();

  constructor(ts) {
    this.#ts = ts;
  }

  /** The reference for a type that is declared or imported in a file. */
  type(file, name) {
    const source = this.#load(file);
    const imported = source.imports.get(name);
    if (imported) return this.type(resolveImport(file, imported), name);
    const local = source.aliases.get(name) ?? name;
    const id = typeName(file);
    if (id.endsWith('.Quantity')) return { format: 'quantity', 'x-kubernetes-int-or-string': true };
    if (id.endsWith('.IntOrString')) return { 'x-kubernetes-int-or-string': true };
    if (/\.(?:Micro)?Time$/.test(id)) return { type: 'string', format: 'date-time' };
    if (id.endsWith('.JSONSchemaPropsOrArray'))
      return this.type(path.join(path.dirname(file), 'JSONSchemaProps.d.ts'), 'IJSONSchemaProps');
    // Declared without members, but they are any value, or a schema or something else.
    if (/\.JSON(?:SchemaPropsOr\w+)?$/.test(id)) return { 'x-kubernetes-preserve-unknown-fields': true };
    const declaration = source.declarations.get(local);
    if (!declaration) return {};
    if (!this.#ts.isInterfaceDeclaration(declaration)) return this.#convert(declaration.type, file, id);
    if (!this.nodes.has(id)) {
      this.nodes.set(id, {});
      this.nodes.set(id, { ...this.#object(declaration.members, file, id), 'x-type': id });
    }
    return id;
  }

  #load(file) {
    const known = this.#files.get(file);
    if (known) return known;
    const ts = this.#ts;
    const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false);
    const source = { imports: new Map(), declarations: new Map(), aliases: new Map() };
    for (const node of tree.statements) {
      if (ts.isImportDeclaration(node)) {
        for (const element of node.importClause?.namedBindings?.elements ?? [])
          source.imports.set(element.name.text, node.moduleSpecifier.text);
      } else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
        source.declarations.set(node.name.text, node);
      else if (ts.isExportDeclaration(node)) {
        for (const element of node.exportClause?.elements ?? [])
          source.aliases.set(element.name.text, (element.propertyName ?? element.name).text);
      }
    }
    this.#files.set(file, source);
    return source;
  }

  #object(members, file, id) {
    const ts = this.#ts;
    const properties = {};
    const required = [];
    let additionalProperties = false;
    for (const member of members) {
      if (ts.isIndexSignatureDeclaration(member)) additionalProperties = this.#convert(member.type, file, id);
      if (!ts.isPropertySignature(member)) continue;
      const name = member.name.text;
      properties[name] = this.#convert(member.type, file, `${id}.${name}`);
      if (!member.questionToken) required.push(name);
    }
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(additionalProperties ? { additionalProperties } : {}),
    };
  }

  #convert(node, file, place) {
    const ts = this.#ts;
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword:
        if (/\.JSONSchemaProps\.(?:maximum|minimum|multipleOf)$/.test(place)) return { type: 'number' };
        return { type: 'integer', format: INT64_FIELDS.has(place.split('.').at(-1)) ? 'int64' : 'int32' };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: 'boolean' };
      case ts.SyntaxKind.ParenthesizedType:
        return this.#convert(node.type, file, place);
      case ts.SyntaxKind.ArrayType:
        return { type: 'array', items: this.#convert(node.elementType, file, place) };
      case ts.SyntaxKind.LiteralType:
        return { type: 'string', enum: [node.literal.text] };
      case ts.SyntaxKind.TypeLiteral:
        return this.#object(node.members, file, place);
      case ts.SyntaxKind.UnionType:
        return this.#union(node, file, place);
      case ts.SyntaxKind.TypeReference:
        return this.#reference(node, file, place);
      default:
        return { 'x-kubernetes-preserve-unknown-fields': true };
    }
  }

  #union(node, file, place) {
    const ts = this.#ts;
    const isLiteral = (type) => ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal);
    const types = node.types.filter(
      (type) => !(ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword),
    );
    if (types.every(isLiteral)) return { type: 'string', enum: types.map((type) => type.literal.text) };
    return types.length === 1 ? this.#convert(types[0], file, place) : { 'x-kubernetes-preserve-unknown-fields': true };
  }

  #reference(node, file, place) {
    const name = node.typeName.text;
    const [first, second] = node.typeArguments ?? [];
    if (name === 'Array') return { type: 'array', items: this.#convert(first, file, place) };
    if (name === 'Record') return { type: 'object', additionalProperties: this.#convert(second, file, place) };
    return this.type(file, name);
  }
}

function resolveImport(from, specifier) {
  const base = specifier.startsWith('.') ? path.resolve(path.dirname(from), specifier) : path.join(PACKAGES, specifier);
  const found = [base.replace(/\.js$/, '.d.ts'), `${base}.d.ts`, path.join(base, 'index.d.ts')].find((file) =>
    existsSync(file),
  );
  if (!found) throw new Error(`${from} imports ${specifier}, which is not there`);
  return found;
}

/** `.../kubernetes-models/v1/Container.d.ts` is `core/v1.Container`, `.../apis/meta/v1/ObjectMeta.d.ts` is `meta/v1.ObjectMeta`. */
function typeName(file) {
  const relative = path
    .relative(PACKAGES, file)
    .split(path.sep)
    .join('/')
    .replace(/\.d\.ts$/, '');
  const inner = relative
    .replace(/^kubernetes-models\//, '')
    .replace(/^@kubernetes-models\/apimachinery\/(?:apis\/)?/, '');
  const cut = inner.lastIndexOf('/');
  const group = /^v\d/.test(inner) ? 'core/' : '';
  return `${group}${inner.slice(0, cut)}.${inner.slice(cut + 1)}`;
}

/** Adds what the declarations cannot say: list keys, defaults, and fields that only old servers' documents call required. */
function addFacts(nodes) {
  for (const [id, node] of nodes) {
    const facts = BUILT_IN_FACTS[id] ?? {};
    const optional = OPTIONAL_ON_SERVER[id] ?? [];
    if (node.required) node.required = node.required.filter((name) => !optional.includes(name));
    if (node.required?.length === 0) delete node.required;
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      const keys = LIST_MAP_KEYS[`${id}.${name}`];
      const extra = {
        ...(keys ? { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys } : {}),
        ...facts[name],
      };
      if (Object.keys(extra).length > 0 && typeof child === 'object') node.properties[name] = { ...child, ...extra };
    }
  }
}
