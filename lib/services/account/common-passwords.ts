/** Long passwords that everyone has heard of, without separators. */
export const commonPhrases: ReadonlySet<string> = new Set([
  "correcthorsebatterystaple",
  "thequickbrownfox",
  "thequickbrownfoxjumpsoverthelazydog",
]);

/** Words that long common passwords are made of. Longer ones first: the longest match is taken out. */
export const commonWords: readonly string[] = `
administrator lemmein2024 startrek passphrase qwertyuiop
asdfghjkl superman football baseball basketball princess sunshine iloveyou whatever computer internet
password passwort passw0rd p@ssword p@ssw0rd latchkey security welcome letmein changeme default
trustno1 starwars pokemon minecraft facebook google microsoft samsung chocolate butterfly liverpool
chelsea arsenal charlie michael jessica jennifer michelle jordan master monkey dragon shadow killer
flower freedom zxcvbnm qwertz azerty qwerty asdfgh zxcvbn 1q2w3e4r5t6y 1q2w3e4r 1qaz2wsx q1w2e3r4
zaq12wsx qazwsx abc123 abcd1234 senha senha123 contrasena motdepasse geheim secret hello admin login
user root test guest summer winter spring autumn love lovely forever family
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length);

/** Rows and walks over keyboards, alphabets and digits; a stretch of four or more counts as one step. */
export const walks: readonly string[] = [
  "01234567890123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop[]",
  "asdfghjkl;'",
  "zxcvbnm,./",
  "qwertzuiopü",
  "yxcvbnm",
  "azertyuiop",
  "qsdfghjklm",
  "wxcvbn",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
  "qazwsxedcrfvtgbyhnujmik,ol.p;/",
  "1q2w3e4r5t6y7u8i9o0p",
  "q1w2e3r4t5y6u7i8o9p0",
  "!@#$%^&*()_+",
];
