// Custom resources inline the types of Kubernetes without naming them. They are recognised by their field names, so that
// descriptions and known values of a container also serve the container of a SparkApplication.

/** Share of field names two types must have in common, of all their names together. */
const SIMILARITY = 0.7;
const FEWEST_FIELDS = 3;

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
        Object.keys(node.properties ?? {}).length >= FEWEST_FIELDS,
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

/** Types of one or two fields say too little by themselves; below a named type they are what the built-in type has there. */
function nameSmallTypes(custom, builtIn) {
  for (const node of custom.values()) {
    const type = builtIn.get(node['x-type']);
    if (!type) continue;
    for (const [name, child] of Object.entries(node.properties)) {
      pair(refOf(child), refOf(type.properties[name]));
    }
  }

  function pair(child, known) {
    const node = typeof child === 'string' ? custom.get(child) : undefined;
    if (!node || node['x-type'] || typeof known !== 'string') return;
    const names = Object.keys(node.properties ?? {});
    const knownNames = new Set(Object.keys(builtIn.get(known)?.properties ?? {}));
    if (names.length > 0 && names.length < FEWEST_FIELDS && names.every((name) => knownNames.has(name)))
      node['x-type'] = known;
  }
}

/** The node a list or map leads to, or the node itself. */
function refOf(child) {
  if (typeof child !== 'object' || child === null) return child;
  return child.items ?? (typeof child.additionalProperties === 'string' ? child.additionalProperties : undefined);
}
