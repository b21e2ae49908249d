import { createRequire } from "node:module";
import type { Random } from "../../../src/units/random.ts";
import type { Clock } from "../../../src/units/clock.ts";

const hex = (random: Random, length: number) => Array.from({ length }, () => random.int(0, 15).toString(16)).join("");
const uuid = (random: Random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${random.pick(["8", "9", "a", "b"])}${hex(random, 3)}-${hex(random, 12)}`;
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** What needs no list of words. */
const plain: Readonly<Record<string, (random: Random, clock: Clock) => string>> = {
  $guid: uuid,
  $randomUUID: uuid,
  $timestamp: (_, clock) => String(Math.round(clock.wallMs() / 1_000)),
  $isoTimestamp: (_, clock) => new Date(clock.wallMs()).toISOString(),
  $randomInt: (random) => String(random.int(0, 1_000)),
  $randomAlphaNumeric: (random) => letters[random.int(0, letters.length - 1)]!,
  $randomBoolean: (random) => String(random.next() < 0.5),
  $randomHexColor: (random) => `#${hex(random, 6)}`,
  $randomIP: (random) => Array.from({ length: 4 }, () => random.int(0, 255)).join("."),
  $randomIPV6: (random) => Array.from({ length: 8 }, () => hex(random, 4)).join(":"),
  $randomMACAddress: (random) => Array.from({ length: 6 }, () => hex(random, 2)).join(":"),
  $randomPassword: (random) => Array.from({ length: 15 }, () => letters[random.int(0, letters.length - 1)]!).join(""),
  $randomPhoneNumber: (random) => `${random.int(200, 999)}-${random.int(200, 999)}-${random.int(1_000, 9_999)}`,
  $randomBankAccount: (random) => String(random.int(10_000_000, 99_999_999)),
  $randomPrice: (random) => `${random.int(0, 999)}.${String(random.int(0, 99)).padStart(2, "0")}`,
  $randomLatitude: (random) => random.between(-90, 90).toFixed(4),
  $randomLongitude: (random) => random.between(-180, 180).toFixed(4),
  $randomPhoneNumberExt: (random, clock) => `${random.int(1, 99)}-${plain["$randomPhoneNumber"]!(random, clock)}`,
  $randomLocale: (random) => random.pick(["ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "zh"]),
  $randomDirectoryPath: (random) => random.pick(["/bin", "/etc", "/home", "/opt", "/srv", "/tmp", "/usr/lib", "/usr/local/src", "/var/log", "/var/tmp"]),
  $randomFilePath: (random, clock) => `${plain["$randomDirectoryPath"]!(random, clock)}/${hex(random, 8)}.${random.pick(["csv", "html", "jpg", "json", "pdf", "txt", "xml"])}`,
  $randomSemver: (random) => Array.from({ length: 3 }, () => random.int(0, 9)).join("."),
};

/** Names after Postman's own, each with where `@faker-js/faker` of version 5 keeps it. */
const words: Readonly<Record<string, string>> = {
  $randomAbbreviation: "hacker.abbreviation", $randomAbstractImage: "image.abstract", $randomAdjective: "hacker.adjective", $randomAnimalsImage: "image.animals",
  $randomAvatarImage: "image.avatar", $randomBankAccountBic: "finance.bic", $randomBankAccountIban: "finance.iban", $randomBankAccountName: "finance.accountName",
  $randomBitcoin: "finance.bitcoinAddress", $randomBs: "company.bs", $randomBsAdjective: "company.bsAdjective", $randomBsBuzz: "company.bsBuzz", $randomBsNoun: "company.bsNoun",
  $randomBusinessImage: "image.business", $randomCatchPhrase: "company.catchPhrase", $randomCatchPhraseAdjective: "company.catchPhraseAdjective",
  $randomCatchPhraseDescriptor: "company.catchPhraseDescriptor", $randomCatchPhraseNoun: "company.catchPhraseNoun", $randomCatsImage: "image.cats", $randomCity: "address.city",
  $randomCityImage: "image.city", $randomColor: "commerce.color", $randomCommonFileExt: "system.commonFileExt", $randomCommonFileName: "system.commonFileName",
  $randomCommonFileType: "system.commonFileType", $randomCompanyName: "company.companyName", $randomCompanySuffix: "company.companySuffix", $randomCountry: "address.country",
  $randomCountryCode: "address.countryCode", $randomCreditCardMask: "finance.mask", $randomCurrencyCode: "finance.currencyCode", $randomCurrencyName: "finance.currencyName",
  $randomCurrencySymbol: "finance.currencySymbol", $randomDatabaseCollation: "database.collation", $randomDatabaseColumn: "database.column", $randomDatabaseEngine: "database.engine",
  $randomDatabaseType: "database.type", $randomDateFuture: "date.future", $randomDatePast: "date.past", $randomDateRecent: "date.recent", $randomDepartment: "commerce.department",
  $randomDomainName: "internet.domainName", $randomDomainSuffix: "internet.domainSuffix", $randomDomainWord: "internet.domainWord", $randomEmail: "internet.email",
  $randomExampleEmail: "internet.exampleEmail", $randomFashionImage: "image.fashion", $randomFileExt: "system.fileExt", $randomFileName: "system.fileName", $randomFileType: "system.fileType",
  $randomFirstName: "name.firstName", $randomFoodImage: "image.food", $randomFullName: "name.findName", $randomImageDataUri: "image.dataUri", $randomImageUrl: "image.imageUrl",
  $randomIngverb: "hacker.ingverb", $randomJobArea: "name.jobArea", $randomJobDescriptor: "name.jobDescriptor", $randomJobTitle: "name.jobTitle", $randomJobType: "name.jobType",
  $randomLastName: "name.lastName", $randomLoremLines: "lorem.lines", $randomLoremParagraph: "lorem.paragraph", $randomLoremParagraphs: "lorem.paragraphs", $randomLoremSentence: "lorem.sentence",
  $randomLoremSentences: "lorem.sentences", $randomLoremSlug: "lorem.slug", $randomLoremText: "lorem.text", $randomLoremWord: "lorem.word", $randomLoremWords: "lorem.words",
  $randomMimeType: "system.mimeType", $randomMonth: "date.month", $randomNamePrefix: "name.prefix", $randomNameSuffix: "name.suffix", $randomNatureImage: "image.nature",
  $randomNightlifeImage: "image.nightlife", $randomNoun: "hacker.noun", $randomPeopleImage: "image.people", $randomPhrase: "hacker.phrase", $randomProduct: "commerce.product",
  $randomProductAdjective: "commerce.productAdjective", $randomProductMaterial: "commerce.productMaterial", $randomProductName: "commerce.productName", $randomProtocol: "internet.protocol",
  $randomSportsImage: "image.sports", $randomStreetAddress: "address.streetAddress", $randomStreetName: "address.streetName", $randomTransactionType: "finance.transactionType",
  $randomTransportImage: "image.transport", $randomUrl: "internet.url", $randomUserAgent: "internet.userAgent", $randomUserName: "internet.userName", $randomVerb: "hacker.verb",
  $randomWeekday: "date.weekday", $randomWord: "random.word", $randomWords: "random.word random.word random.word",
};

export const needsFaker = (name: string): boolean => Object.hasOwn(words, name);

type Faker = Readonly<Record<string, Readonly<Record<string, () => unknown>>>> & { seed(seed: number): void };
const require = createRequire(import.meta.url);
let faker: Faker | undefined;

/** A maker of `{{$guid}}` and its like, from one user's own chance and clock. */
export function maker(random: Random, clock: Clock): (name: string) => string | undefined {
  return (name) => {
    if (Object.hasOwn(plain, name)) return plain[name]!(random, clock);
    if (!Object.hasOwn(words, name)) return undefined;
    faker ??= require("@faker-js/faker") as Faker;
    // One generator for all users, so it is put in this one's place each time.
    faker.seed(random.int(0, 2 ** 31 - 1));
    const made = faker;
    return words[name]!.split(" ").map((path) => {
      const [kind, what] = path.split(".") as [string, string];
      return String(made[kind]![what]!());
    }).join(" ");
  };
}
