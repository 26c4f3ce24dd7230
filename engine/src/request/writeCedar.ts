// The last check before the boundary, made while writing: nothing leaves here that could make the engine throw or
// read a value other than the one judged. Integers go out exact to 64 bits.
import {
  isEntityReference,
  isExtensionValue,
  Unrepresentable,
  type CedarEntity,
  type CedarRecord,
  type CedarValue,
  type EntityUid,
} from '@cardea/schemas/cedar';
import { Refusal } from '@cardea/schemas/codes';

/** The engine dies at 126; the strict parser stops at 64 already. */
const depthMax = 100;

const longMin = -(2n ** 63n);
const longMax = 2n ** 63n - 1n;

/** Throws Refusal for what Cedar cannot carry. */
export function writeCedar(value: CedarValue, depth = 0): string {
  if (depth > depthMax) throw new Refusal('too_deep', `values may nest ${depthMax} deep`);
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'string':
      return writeText(value);
    case 'number':
    case 'bigint':
      return writeLong(value);
    default:
      return writeCompound(value, depth);
  }
}

export function writeUid(uid: EntityUid): string {
  return `{"type":${writeText(uid.type)},"id":${writeText(uid.id)}}`;
}

export function writeEntity(entity: CedarEntity): string {
  const tags = entity.tags === undefined ? '' : `,"tags":${writeCedar(entity.tags)}`;
  const parents = entity.parents.map(writeUid).join(',');
  return `{"uid":${writeUid(entity.uid)},"attrs":${writeCedar(entity.attrs)},"parents":[${parents}]${tags}}`;
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw new Refusal('invalid_text', 'a text holds half of a surrogate pair');
  return JSON.stringify(text);
}

function writeLong(value: number | bigint): string {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Refusal('inexact_number', 'a number is not an exact integer');
    return String(value);
  }
  if (value < longMin || value > longMax) throw new Refusal('inexact_number', 'an integer exceeds 64 bits');
  return value.toString();
}

function writeCompound(
  value: Exclude<CedarValue, boolean | string | number | bigint>,
  depth: number,
): string {
  if (value instanceof Unrepresentable) throw new Refusal('invalid_request', value.reason);
  if (Array.isArray(value))
    return `[${value.map((element: CedarValue) => writeCedar(element, depth + 1)).join(',')}]`;
  if (isEntityReference(value)) return `{"__entity":${writeUid(value.__entity)}}`;
  if (isExtensionValue(value)) {
    return `{"__extn":{"fn":${writeText(value.__extn.fn)},"arg":${writeText(value.__extn.arg)}}}`;
  }
  let fields = '';
  for (const name of Object.keys(value)) {
    if (name === '__expr') throw new Refusal('reserved_key', 'the key "__expr" cannot be sent');
    fields += `${fields === '' ? '' : ','}${writeText(name)}:${writeCedar((value as CedarRecord)[name] as CedarValue, depth + 1)}`;
  }
  return `{${fields}}`;
}
