type Schema = boolean | Record<string, unknown>;

const names = ['name', 'age', 'a', 'ä b', 'quo"te', 'back\\slash', 'items', '日本', '$ref'];
const words = ['red', 'green', 'b"lue', '\n', '日', ''];
const patterns = [
  '^[a-z]{2,5}$',
  'a',
  '^(foo|ba[rz])+$',
  '^\\d{3}-\\d{2}$',
  '[^"]$',
  '^.\\s\\w*',
  '^\\\\x|y$',
  '^[^\\W\\d]é?$',
];
const formats = ['date', 'date-time', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'];

/** A JSON schema by chance, of all that answers are held to, which at least one value follows. */
export function randomSchema(random: () => number): Schema {
  return new SchemaSource(random).whole();
}

class SchemaSource {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  whole(): Schema {
    const $defs = { leaf: this.#leaf(), tree: this.#tree() };
    return { ...(this.#schema(3) as object), $defs };
  }

  #schema(depth: number): Schema {
    const kinds =
      depth === 0
        ? [() => this.#leaf()]
        : [
            () => this.#leaf(),
            () => this.#object(depth),
            () => this.#object(depth),
            () => this.#array(depth),
            () => ({ anyOf: this.#list(1, 3, () => this.#schema(depth - 1)) }),
            () => ({ $ref: this.#one(['#/$defs/leaf', '#/$defs/tree']) }),
            () => this.#apart(depth),
            () => this.#both(depth),
          ];
    return this.#one(kinds)();
  }

  #leaf(): Schema {
    return this.#one<() => Schema>([
      () => ({ type: this.#one(['boolean', 'null', 'string', 'number', 'integer', 'object', 'array']) }),
      () => ({ type: ['string', 'null'] }),
      () => this.#number(),
      () => this.#text(),
      () => ({ type: 'string', pattern: this.#one(patterns) }),
      () => ({ type: 'string', format: this.#one(formats) }),
      () => ({ type: 'string', pattern: '[a-c]', minLength: 2, maxLength: this.#count(2, 9) }),
      () => ({ enum: this.#list(1, 4, () => this.#one<unknown>([...words, 1, -2.5, null, true, { a: [1] }])) }),
      () => ({ const: this.#one<unknown>([...words, 0, false, [], { 'ä b': 'é' }]) }),
      () => ({
        type: 'integer',
        multipleOf: this.#one([2, 7, 100]),
        minimum: -50,
        ...(this.#chance(0.5) ? { maximum: 250 } : {}),
      }),
      () => true,
      () => ({}),
    ])();
  }

  #number(): Schema {
    const low = this.#one([0, -3, 0.5, -0.001, 99, 1e-7, -1e9, 12.34]);
    const high = low + this.#one([0, 1, 0.25, 1000, 0.003, 1e12]);
    const [least, most] = [this.#chance(0.8), this.#chance(0.8)];
    const isWhole = this.#chance(0.5) && Math.floor(high) >= Math.ceil(low);
    const isOpen = high - low > 2 && this.#chance(0.5);
    return {
      type: isWhole ? 'integer' : 'number',
      ...(least ? { [isOpen ? 'exclusiveMinimum' : 'minimum']: low } : {}),
      ...(most ? { [isOpen ? 'exclusiveMaximum' : 'maximum']: high } : {}),
    };
  }

  #text(): Schema {
    const minLength = this.#count(0, 6);
    return { type: 'string', minLength, ...(this.#chance(0.5) ? { maxLength: minLength + this.#count(0, 40) } : {}) };
  }

  #object(depth: number): Schema {
    const chosen = names.filter(() => this.#chance(0.4));
    const properties = Object.fromEntries(chosen.map((name) => [name, this.#schema(depth - 1)]));
    const additional = this.#one([undefined, false, true, this.#schema(depth - 1)]);
    return {
      type: 'object',
      properties,
      ...(this.#chance(0.7) ? { required: chosen.filter(() => this.#chance(0.6)) } : {}),
      ...(additional === undefined ? {} : { additionalProperties: additional }),
    };
  }

  #array(depth: number): Schema {
    const prefixItems = this.#chance(0.3) ? { prefixItems: this.#list(1, 3, () => this.#schema(depth - 1)) } : {};
    const minItems = this.#count(0, 3);
    return {
      type: 'array',
      ...prefixItems,
      items: this.#schema(depth - 1),
      ...(this.#chance(0.5) ? { minItems } : {}),
      ...(this.#chance(0.5) ? { maxItems: minItems + this.#count(0, 4) } : {}),
    };
  }

  #tree(): Schema {
    const child = { anyOf: [{ type: 'null' }, { $ref: '#/$defs/tree' }] };
    const children = { type: 'array', items: { $ref: '#/$defs/tree' }, maxItems: 3 };
    const isList = this.#chance(0.5);
    return {
      type: 'object',
      properties: isList ? { children } : { leaf: { $ref: '#/$defs/leaf' }, child },
      required: this.#chance(0.5) ? [] : [isList ? 'children' : 'child'],
      additionalProperties: this.#chance(0.5),
    };
  }

  /** Choices that a property tells apart. */
  #apart(depth: number): Schema {
    const oneOf = this.#list(1, 3, (number) => ({
      type: 'object',
      properties: { kind: { const: `kind ${number}` }, value: this.#schema(depth - 1) },
      required: ['kind'],
      additionalProperties: false,
    }));
    return { oneOf: [...oneOf, { type: 'null' }, { type: 'array', items: this.#leaf() }] };
  }

  /** Two schemas at once. */
  #both(depth: number): Schema {
    const part = (name: string) => ({
      type: 'object',
      properties: { [name]: this.#schema(depth - 1), all: this.#leaf() },
      required: [name],
    });
    return { allOf: [part('one')], ...part('other'), description: 'both' };
  }

  #one<T>(among: readonly T[]): T {
    return among[Math.floor(this.#random() * among.length)] as T;
  }

  #list<T>(least: number, most: number, make: (number: number) => T): T[] {
    return Array.from({ length: this.#count(least, most) }, (_, number) => make(number));
  }

  #count(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
}
