/** How a request proves who asks: the security schemes of the document. */
export type Way = 'session' | 'api_key';

/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface OpenApi {
  readonly info: { readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface RawOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Partial<Record<Way, unknown>>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
}

/** One value that is sent or answered. */
export interface Field {
  /** With the objects it lies in: `limits.max_calls`, `data[].id`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** Ways to prove who asks; empty when nobody has to. */
  readonly needs: readonly Way[];
  readonly parameters: readonly (Field & { readonly place: string })[];
  readonly body: readonly Field[];
  readonly answer: readonly Field[];
  readonly curl: string;
}

export interface Subject {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

/** Objects in objects are followed this deep; what lies deeper is named by its type alone. */
const MAX_DEPTH = 3;

/** The operations of a document by subject, in the order of the document. */
export function describe(document: OpenApi, base: string): readonly Subject[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      tag: raw.tags?.[0] ?? '',
      operation: operation(document, base, path, method.toUpperCase(), raw),
    })),
  );
  return (document.tags ?? [])
    .map(({ name, description = '' }) => ({
      name,
      description,
      operations: operations.filter(({ tag }) => tag === name).map((one) => one.operation),
    }))
    .filter((subject) => subject.operations.length > 0);
}

/** Those operations whose path or words hold what somebody typed. */
export function found(subjects: readonly Subject[], typed: string): readonly Subject[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = ({ method, path, summary, id }: Operation) => {
    const text = `${method} ${path} ${summary} ${id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return subjects
    .map((subject) => ({ ...subject, operations: subject.operations.filter(holds) }))
    .filter((subject) => subject.operations.length > 0);
}

function operation(
  document: OpenApi,
  base: string,
  path: string,
  method: string,
  raw: RawOperation,
): Operation {
  const bodySchema = schemaOf(raw.requestBody?.content);
  const good = Object.entries(raw.responses).find(([status]) => status.startsWith('2'));
  const answerSchema = schemaOf(good?.[1].content);
  const needs = (raw.security ?? []).flatMap((way) => Object.keys(way) as Way[]);
  return {
    id: raw.operationId,
    method,
    path,
    summary: raw.summary ?? raw.operationId,
    description: raw.description ?? '',
    needs,
    parameters: (raw.parameters ?? []).map((parameter) => ({
      name: parameter.name,
      place: parameter.in,
      type: typeWords(document, parameter.schema ?? {}),
      isRequired: parameter.required === true,
      description: parameter.description ?? '',
    })),
    body: bodySchema ? fields(document, bodySchema) : [],
    answer: answerSchema ? fields(document, answerSchema) : [],
    curl: curl(document, base, path, method, needs, bodySchema),
  };
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return content?.['application/json']?.schema;
}

/** The schema that a reference names, or the one besides `null`. */
function resolve(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const named = name === undefined ? undefined : document.components.schemas[name];
  if (named) return resolve(document, named);
  const choices = (schema.oneOf ?? []).filter(({ type }) => type !== 'null');
  const only = choices.length === 1 ? choices[0] : undefined;
  return only ? { ...resolve(document, only), ...withText(schema) } : schema;
}

function withText({ description }: Schema): Schema {
  return description === undefined ? {} : { description };
}

function fields(document: OpenApi, schema: Schema, prefix = '', depth = 0): readonly Field[] {
  const whole = resolve(document, schema);
  if (whole.items) return fields(document, whole.items, `${prefix}[].`, depth);
  const own = Object.entries(whole.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const inner = resolve(document, value);
    const field: Field = {
      name,
      type: typeWords(document, value),
      isRequired: whole.required?.includes(key) ?? false,
      description: value.description ?? inner.description ?? '',
    };
    const list = inner.items ? resolve(document, inner.items) : null;
    const below = depth < MAX_DEPTH && (inner.properties || list?.properties);
    const next = list ? `${name}[].` : `${name}.`;
    return below ? [field, ...fields(document, list ?? inner, next, depth + 1)] : [field];
  });
  const parts = (whole.allOf ?? []).flatMap((part) => fields(document, part, prefix, depth));
  return [...parts, ...own];
}

function typeWords(document: OpenApi, schema: Schema): string {
  const whole = resolve(document, schema);
  if (whole.enum) return whole.enum.map(String).join(' | ');
  const kinds = typeof whole.type === 'string' ? [whole.type] : (whole.type ?? []);
  const kind = kinds.filter((one) => one !== 'null').join(' | ') || 'value';
  const canBeNull =
    kinds.includes('null') || (schema.oneOf ?? []).some(({ type }) => type === 'null');
  const format = whole.format === undefined ? '' : ` (${whole.format})`;
  const items = whole.items ? ` of ${typeWords(document, whole.items)}` : '';
  return `${kind}${items}${format}${bounds(whole)}${canBeNull ? ' | null' : ''}`;
}

function bounds({ minimum, maximum, minLength, maxLength }: Schema): string {
  const [low, high, unit] =
    minLength === undefined && maxLength === undefined
      ? [minimum, maximum, '']
      : [minLength, maxLength, ' characters'];
  if (low === undefined && high === undefined) return '';
  if (high === undefined) return `, from ${low}${unit}`;
  return `, ${low === undefined ? 'up to' : `${low} to`} ${high}${unit}`;
}

function curl(
  document: OpenApi,
  base: string,
  path: string,
  method: string,
  needs: readonly Way[],
  body: Schema | undefined,
): string {
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}'${base}${path}'`];
  if (needs.includes('api_key')) lines.push("-H 'Authorization: Bearer jumpa_api_…'");
  if (body) {
    lines.push("-H 'Content-Type: application/json'");
    lines.push(`-d '${JSON.stringify(sample(document, body))}'`);
  }
  return lines.join(' \\\n  ');
}

/** The smallest body that the document allows. */
function sample(document: OpenApi, schema: Schema, depth = 0): unknown {
  const whole = resolve(document, schema);
  const given = whole.example ?? whole.examples?.[0] ?? whole.enum?.[0];
  if (given !== undefined) return given;
  if (whole.properties && depth <= MAX_DEPTH) {
    const required = Object.entries(whole.properties).filter(
      ([key, value]) => whole.required?.includes(key) || value.example !== undefined,
    );
    return Object.fromEntries(
      required.map(([key, value]) => [key, sample(document, value, depth + 1)]),
    );
  }
  const kind = typeof whole.type === 'string' ? whole.type : whole.type?.[0];
  if (kind === 'array') return [];
  if (kind === 'boolean') return false;
  if (kind === 'integer' || kind === 'number') return whole.minimum ?? 0;
  return kind === 'object' ? {} : '…';
}
