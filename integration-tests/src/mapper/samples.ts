// Arguments that fit a Cedar type, as a caller would send them, and conditions of policies that hold for them.

import type { CedarExtensionName, CedarRecordType, CedarType, CedarValue } from '@cardea/schemas/cedar';
import { isCedarRecord, isCedarSet, isExtensionValue, quoteText } from '@cardea/schemas/cedar';
import fc from 'fast-check';

const texts: { readonly [name in CedarExtensionName]: readonly string[] } = {
  decimal: [],
  datetime: [
    '2024-02-29',
    '2024-01-02T03:04:05Z',
    '1999-12-31t23:59:59.120+14:00',
    '0000-01-01T00:00:00-23:59',
  ],
  duration: ['P1DT2H3M4.5S', 'P52W', 'PT0S', 'PT9223372036854775.807S'],
  ipaddr: ['10.0.0.1', '::', 'fe80::1:2', '1:2:3:4:5:6:7:8', '::1:2:3:4:5:6:7'],
};

/** JSON values of the type; optional members are present or not. */
export function argumentOf(type: CedarType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'String':
      return fc.string({ unit: 'grapheme' });
    case 'Boolean':
      return fc.boolean();
    case 'Long':
      return fc.maxSafeInteger();
    case 'Extension':
      return type.name === 'decimal' ? decimal : fc.constantFrom(...texts[type.name]);
    case 'Set':
      return fc.array(argumentOf(type.element), { maxLength: 3 });
    case 'Record':
      return argumentsOf(type);
  }
}

const decimal = fc.oneof(
  fc.integer(),
  fc.integer().map((tenThousandths) => tenThousandths / 10_000),
);

export function argumentsOf(type: CedarRecordType): fc.Arbitrary<object> {
  const members = Object.entries(type.attributes).map(([name, attribute]) => {
    const member = fc.tuple(fc.constant(name), argumentOf(attribute.type));
    return attribute.required ? member : fc.option(member);
  });
  return fc.tuple(...members).map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== null)));
}

/** One value of the type with every member and one element in each array. */
export function sampleOf(type: CedarType): unknown {
  switch (type.kind) {
    case 'String':
      return 'a "text"';
    case 'Boolean':
      return true;
    case 'Long':
      return 42;
    case 'Extension':
      return type.name === 'decimal' ? 0.25 : texts[type.name][0];
    case 'Set':
      return [sampleOf(type.element)];
    case 'Record':
      return Object.fromEntries(
        Object.entries(type.attributes).map(([name, attribute]) => [name, sampleOf(attribute.type)]),
      );
  }
}

/** For every leaf of the value a condition that reads it and holds. `path` is an expression that is there. */
export function* conditionsOn(path: string, value: CedarValue): Generator<string> {
  if (isCedarRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      for (const condition of conditionsOn(`${path}[${quoteText(name)}]`, member)) {
        yield `${path} has ${quoteText(name)} && ${condition}`;
      }
    }
    return;
  }
  if (!isCedarSet(value)) yield `${path} == ${literalOf(value)}`;
  else if (value.every((element) => isCedarRecord(element) || isCedarSet(element)))
    yield `!${path}.isEmpty()`;
  else yield `${path}.containsAny([${value.map(literalOf).join(', ')}])`;
}

function literalOf(value: CedarValue): string {
  if (typeof value === 'string') return quoteText(value);
  if (isExtensionValue(value)) return `${value.__extn.fn}(${quoteText(value.__extn.arg)})`;
  return JSON.stringify(value);
}
