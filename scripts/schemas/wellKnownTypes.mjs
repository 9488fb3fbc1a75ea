// Custom resources inline the types of Kubernetes without naming them. They are recognised by their field names, so that
// descriptions and known values of a container also serve the container of a SparkApplication.

/** Share of field names two types must have in common, of all their names together. */
const SIMILARITY = 0.7;
const FEWEST_FIELDS = 3;

/** Names that every object has; a type with no others cannot be told by its names. */
const COMMON = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** Types that are named where they occur; the rest of the API hardly appears inside other resources. */
const CANDIDATES = /^(?:core\/v1|meta\/v1)\./;

/**
 * Sets `x-type` on custom nodes that are a version of a built-in type. The roots of kinds are nobody's version: apiVersion, kind,
 * metadata and spec are in every object.
 */
export function nameWellKnownTypes(custom, builtIn, roots) {
  const candidates = [...builtIn]
    .filter(
      ([id, node]) =>
        CANDIDATES.test(id) &&
        !/Status|List$|^core\/v1\.Ephemeral(?!Volume)/.test(id) &&
        Object.keys(node.properties ?? {}).filter((name) => !COMMON.has(name)).length >= FEWEST_FIELDS,
    )
    .map(([id, node]) => ({ id, names: new Set(Object.keys(node.properties)) }));
  for (const [id, node] of custom) {
    const names = Object.keys(node.properties ?? {});
    if (names.length < FEWEST_FIELDS || roots.has(id)) continue;
    const best = findBest(names, candidates);
    if (best) node['x-type'] = best;
  }
  nameSmallTypes(custom, builtIn);
}

function findBest(names, candidates) {
  let best;
  let bestScore = SIMILARITY;
  for (const candidate of candidates) {
    const common = names.filter((name) => candidate.names.has(name)).length;
    const score = common / (names.length + candidate.names.size - common);
    if (score > bestScore) [best, bestScore] = [candidate.id, score];
  }
  return best;
}

/**
 * Types of one or two fields say too little by themselves; below a named type they are what the built-in type has there. Equal
 * structures are one node, so a node that would be two types in two places stays without a name.
 */
function nameSmallTypes(custom, builtIn) {
  const small = new Map();
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const node of custom.values()) {
      for (const [child, known] of pairsBelow(node, custom, builtIn)) {
        const types = small.get(child) ?? small.set(child, new Set()).get(child);
        if (types.has(known) || (child['x-type'] && types.size === 0)) continue;
        types.add(known);
        if (types.size === 1) child['x-type'] = known;
        else delete child['x-type'];
        isNew = true;
      }
    }
  }
}

/** Custom nodes below a named one with the built-in type that its type has at the same place, when they have no other fields. */
function* pairsBelow(node, custom, builtIn) {
  const type = builtIn.get(node['x-type']);
  for (const [name, field] of Object.entries(type ? (node.properties ?? {}) : {})) {
    const child = custom.get(refOf(field));
    const known = refOf(type.properties[name]);
    const names = Object.keys(child?.properties ?? {});
    const knownFields = builtIn.get(known)?.properties;
    if (names.length === 0 || names.length >= FEWEST_FIELDS || !knownFields) continue;
    if (names.every((field) => field in knownFields)) yield [child, known];
  }
}

/** The node a list or map leads to, or the node itself. */
function refOf(child) {
  if (typeof child !== 'object' || child === null) return child;
  return child.items ?? (typeof child.additionalProperties === 'string' ? child.additionalProperties : undefined);
}
