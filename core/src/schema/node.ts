/** The JSON types an OpenAPI v3 schema of Kubernetes can name. */
export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A sub-schema: the id of a shared node in a store, or the schema itself. */
export type SchemaRef = string | RawSchema;

export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/**
 * Structural facts of one place in a manifest: OpenAPI v3 as the API server understands it, without descriptions.
 * anyOf, oneOf, allOf and not hold value constraints, never alternative shapes
 * (structural schema rules of apiextensions.k8s.io/v1), so their sub-schemas are always inline.
 */
export interface RawSchema {
  readonly type?: SchemaType;
  readonly properties?: Readonly<Record<string, SchemaRef>>;
  readonly items?: SchemaRef;
  readonly additionalProperties?: SchemaRef | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly default?: JsonValue;
  /** `quantity` marks a Kubernetes quantity, whatever pattern upstream spells it with. */
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly nullable?: boolean;
  readonly anyOf?: readonly RawSchema[];
  readonly oneOf?: readonly RawSchema[];
  readonly allOf?: readonly RawSchema[];
  readonly not?: RawSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
  /** The well-known Kubernetes type this place has, for example `core/v1.Container`, when it is known. */
  readonly 'x-type'?: string;
  /** Present only when a schema carries upstream text: CRD files of the workspace or the cluster, never the bundled store. */
  readonly description?: string;
  /** First Kubernetes minor that knows a field, `1.32`, by the field's name; for built-in types, fields older than 1.25 left out. */
  readonly 'x-since'?: Readonly<Record<string, string>>;
}

/** A place in a schema, with its children made on demand. Two places with the same raw facts may share one node. */
export class SchemaNode {
  readonly raw: RawSchema;
  readonly #resolve: (id: string) => SchemaNode;
  readonly #properties = new Map<string, SchemaNode>();
  #items: SchemaNode | undefined;
  #additional: SchemaNode | undefined;

  /** @param resolve gives the shared node of an id; without it the schema must be whole in itself */
  constructor(raw: RawSchema, resolve: (id: string) => SchemaNode = rejectReference) {
    this.raw = raw;
    this.#resolve = resolve;
  }

  get type(): SchemaType | undefined {
    return this.raw.type;
  }

  /** Names of the declared properties, in the order of the source. */
  get propertyNames(): readonly string[] {
    return this.raw.properties ? Object.keys(this.raw.properties) : [];
  }

  property(name: string): SchemaNode | undefined {
    const known = this.#properties.get(name);
    if (known) return known;
    const properties = this.raw.properties;
    const ref = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (ref === undefined) return undefined;
    const node = this.#child(ref);
    this.#properties.set(name, node);
    return node;
  }

  /** Schema of the items of a list. */
  get items(): SchemaNode | undefined {
    if (this.raw.items === undefined) return undefined;
    return (this.#items ??= this.#child(this.raw.items));
  }

  /** Schema of the values of a free-form map, when the map's values are typed. */
  get additional(): SchemaNode | undefined {
    const ref = this.raw.additionalProperties;
    if (ref === undefined || typeof ref === 'boolean') return undefined;
    return (this.#additional ??= this.#child(ref));
  }

  /**
   * Whether a key that no property declares is kept by the server. A structural schema has a type everywhere; without one it is of a time
   * when servers kept what they did not know.
   */
  get acceptsUnknownKeys(): boolean {
    const extra = this.raw.additionalProperties;
    if (this.raw['x-kubernetes-preserve-unknown-fields']) return true;
    if (extra !== undefined) return extra !== false;
    return this.raw.type === undefined;
  }

  isRequired(name: string): boolean {
    return this.raw.required?.includes(name) ?? false;
  }

  #child(ref: SchemaRef): SchemaNode {
    return typeof ref === 'string' ? this.#resolve(ref) : new SchemaNode(ref, this.#resolve);
  }
}

function rejectReference(id: string): never {
  throw new Error(`schema node ${id} is a reference, but this schema has no store`);
}
