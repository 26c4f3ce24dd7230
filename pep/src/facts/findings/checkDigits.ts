// Numbers that prove themselves by their check digits, among others beside them: what a card is followed by, its expiry
// or its code, must not hide it. Linear, and fast: the rows are the caller's, and may be as long as a message.

/** Of a row of digits in groups. */
export function holdsCardNumber(row: string): boolean {
  return holdsNumber(row, {
    lengthsAt: (text, start) => cardLengths[text.charCodeAt(start) - zero],
    isNumber: (text, start, end) => hasLuhnDigit(text, start, end) && networks.test(text.slice(start, end)),
  });
}

/** Of a row of groups of capitals and digits. */
export function holdsIban(row: string): boolean {
  return holdsNumber(row, {
    lengthsAt: (text, start) => (isIbanHead(text, start) ? ibanLengths : undefined),
    isNumber: hasIbanDigits,
  });
}

const zero = 0x30;
const nine = 0x39;
const capitalA = 0x41;
const ten = 10;

/** By length, whether there are such numbers. No number of any kind is longer than the last. */
type Lengths = readonly boolean[];

/** By the first digit. */
const cardLengths: readonly (Lengths | undefined)[] = [
  undefined,
  undefined,
  [16],
  [14, 15, 16],
  [13, 16, 19],
  [16],
  [16, 17, 18, 19],
].map((lengths) => lengths && Array.from({ length: 20 }, (_, length) => lengths.includes(length)));

const ibanLengths: Lengths = Array.from({ length: 35 }, (_, length) => length >= 15);

/** Others have the right check digit one time in ten. */
const networks = new RegExp(
  `^(?:${[
    '4[0-9]{12}(?:[0-9]{3}){0,2}',
    '5[1-5][0-9]{14}',
    '2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}',
    '3[47][0-9]{13}',
    '3(?:0[0-5]|[689][0-9])[0-9]{11}',
    '35(?:2[89]|[3-8][0-9])[0-9]{12}',
    '6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12,15}',
    '62[0-9]{14,17}',
  ].join('|')})$`,
);

interface Kind {
  /** Of the numbers that can begin there. */
  readonly lengthsAt: (text: string, start: number) => Lengths | undefined;
  readonly isNumber: (text: string, start: number, end: number) => boolean;
}

/** Whether some groups in the row, taken together, are a number. */
function holdsNumber(row: string, { lengthsAt, isNumber }: Kind): boolean {
  const text = row.replace(/[ -]/g, '');
  const edges = findEdges(row);
  for (let from = 0; from < edges.length; from += 1) {
    const start = edges[from] as number;
    const lengths = lengthsAt(text, start);
    if (lengths === undefined) continue;
    for (let at = from + 1; at < edges.length; at += 1) {
      const end = edges[at] as number;
      if (end - start >= lengths.length) break;
      if (lengths[end - start] === true && isNumber(text, start, end)) return true;
    }
  }
  return false;
}

/** Where groups begin and end, in the row without what separates them. */
function findEdges(row: string): readonly number[] {
  const edges = [0];
  let end = 0;
  for (let at = 0; at < row.length; at += 1) {
    if (row.charCodeAt(at) >= zero) end += 1;
    else edges.push(end);
  }
  edges.push(end);
  return edges;
}

/** ISO/IEC 7812-1. */
function hasLuhnDigit(text: string, start: number, end: number): boolean {
  let sum = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    const doubled = (end - at) % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isIbanHead(text: string, start: number): boolean {
  return (
    text.charCodeAt(start) >= capitalA &&
    text.charCodeAt(start + 1) >= capitalA &&
    text.charCodeAt(start + 2) <= nine &&
    text.charCodeAt(start + 3) <= nine
  );
}

/** ISO 7064, MOD 97-10: country and check digits count last. */
function hasIbanDigits(text: string, start: number, end: number): boolean {
  return addIban(text, start, start + 4, addIban(text, start + 4, end, 0)) === 1;
}

function addIban(text: string, start: number, end: number, before: number): number {
  let rest = before;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    rest = (code <= nine ? rest * 10 + code - zero : rest * 100 + code - capitalA + ten) % 97;
  }
  return rest;
}
