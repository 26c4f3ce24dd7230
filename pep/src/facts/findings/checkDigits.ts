// Numbers that prove themselves by their check digits, among others beside them: what a card is followed by, its expiry
// or its code, must not hide it. Linear: a number has few groups, whatever the length of the row that it stands in.

/** Of a row of digits in groups. */
export function holdsCardNumber(row: string): boolean {
  return holdsNumber(row.split(/[ -]/), cardDigitsMax, (text) => networks.test(text) && hasLuhnDigit(text));
}

/** Of a row of groups of capitals and digits. */
export function holdsIban(row: string): boolean {
  return holdsNumber(row.split(' '), ibanCharactersMax, (text) => iban.test(text) && hasIbanDigits(text));
}

const cardDigitsMax = 19;
const ibanCharactersMax = 34;
const iban = /^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$/;

/** By their first digits and their lengths; other numbers have the right check digit one time in ten. */
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

/** Whether some groups in a row are such a number. */
function holdsNumber(
  groups: readonly string[],
  charactersMax: number,
  isNumber: (text: string) => boolean,
): boolean {
  return groups.some((_, start) => {
    let text = '';
    for (let at = start; at < groups.length && text.length <= charactersMax; at += 1) {
      text += groups[at] as string;
      if (isNumber(text)) return true;
    }
    return false;
  });
}

/** ISO/IEC 7812-1. */
function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 7064, MOD 97-10. */
function hasIbanDigits(text: string): boolean {
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
