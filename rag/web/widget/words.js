// The widget's own words, in the languages of the documents. Answers are in whatever language they are in.

const EN = {
  heading: "Ask about the talks",
  greeting: "Ask about the talks between Ukraine and Russia. Every sentence of an answer shows the words it rests on.",
  question: "Your question",
  ask: "Ask",
  stop: "Stop",
  renew: "New conversation",
  close: "Close",
  starters: "Questions to begin with",
  followups: "Ask next",
  reading: "Reading the documents",
  checking: "being checked against the documents",
  writing: "The next sentence is being written and checked",
  stopped: "Stopped before the answer was complete.",
  retry: "Try again",
  verdict: "No answer in the documents",
  sources: "Sources",
  nearest: "The closest passages",
  newestSource: (date) => `Newest source ${date}.`,
  collectionEnds: (date) => `The collection ends ${date}.`,
  undated: "undated",
  languages: { en: "in English", uk: "in Ukrainian", ru: "in Russian" },
  source: (title) => `source: ${title}, opens a new tab`,
  helpful: "Helpful",
  unhelpful: "Not helpful",
  comment: "What is missing or wrong? (optional)",
  send: "Send",
  thanks: "Thank you.",
  unsent: "This could not be sent.",
  unreachable: (host) => `${host} cannot be reached, or this web site may not use it.`,
  cutOff: "The connection broke before the answer was complete.",
  notReady: "The documents are still being read. Ask again in a moment.",
  siteFull: "This web site has used up its questions for today.",
  conversationFull: "This conversation is as long as it may be. Begin a new one.",
  busy: (seconds) => `Too many questions at once. Try again in ${seconds} s.`,
  failed: "Something went wrong on the server.",
  noServer: "The attribute “server” is not a web address.",
};

const UK = {
  heading: "Запитайте про переговори",
  greeting: "Запитайте про переговори між Україною та Росією. Кожне речення відповіді показує слова, на які спирається.",
  question: "Ваше запитання",
  ask: "Запитати",
  stop: "Зупинити",
  renew: "Нова розмова",
  close: "Закрити",
  starters: "З чого почати",
  followups: "Запитайте далі",
  reading: "Читаю документи",
  checking: "звіряється з документами",
  writing: "Наступне речення пишеться і перевіряється",
  stopped: "Зупинено, перш ніж відповідь була готова.",
  retry: "Спробувати ще раз",
  verdict: "У документах відповіді немає",
  sources: "Джерела",
  nearest: "Найближчі уривки",
  newestSource: (date) => `Найновіше джерело: ${date}`,
  collectionEnds: (date) => `Збірка закінчується ${date}`,
  undated: "без дати",
  languages: { en: "англійською", uk: "українською", ru: "російською" },
  source: (title) => `джерело: ${title}, відкриється в новій вкладці`,
  helpful: "Корисно",
  unhelpful: "Не корисно",
  comment: "Чого бракує або що неправильно? (необов’язково)",
  send: "Надіслати",
  thanks: "Дякуємо.",
  unsent: "Не вдалося надіслати.",
  unreachable: (host) => `Немає зв’язку з ${host}, або цьому сайту не дозволено ним користуватися.`,
  cutOff: "З’єднання обірвалося, перш ніж відповідь була готова.",
  notReady: "Документи ще читаються. Запитайте за мить.",
  siteFull: "Цей сайт вичерпав свої запитання на сьогодні.",
  conversationFull: "Ця розмова досягла дозволеної довжини. Почніть нову.",
  busy: (seconds) => `Забагато запитань водночас. Спробуйте за ${seconds} с.`,
  failed: "На сервері сталася помилка.",
  noServer: "Атрибут «server» не є вебадресою.",
};

const RU = {
  heading: "Спросите о переговорах",
  greeting: "Спросите о переговорах между Украиной и Россией. Каждое предложение ответа показывает слова, на которые опирается.",
  question: "Ваш вопрос",
  ask: "Спросить",
  stop: "Остановить",
  renew: "Новая беседа",
  close: "Закрыть",
  starters: "С чего начать",
  followups: "Спросите дальше",
  reading: "Читаю документы",
  checking: "сверяется с документами",
  writing: "Следующее предложение пишется и проверяется",
  stopped: "Остановлено до того, как ответ был готов.",
  retry: "Попробовать ещё раз",
  verdict: "В документах ответа нет",
  sources: "Источники",
  nearest: "Ближайшие отрывки",
  newestSource: (date) => `Новейший источник: ${date}`,
  collectionEnds: (date) => `Собрание заканчивается ${date}`,
  undated: "без даты",
  languages: { en: "по-английски", uk: "по-украински", ru: "по-русски" },
  source: (title) => `источник: ${title}, откроется в новой вкладке`,
  helpful: "Полезно",
  unhelpful: "Не полезно",
  comment: "Чего не хватает или что неверно? (необязательно)",
  send: "Отправить",
  thanks: "Спасибо.",
  unsent: "Не удалось отправить.",
  unreachable: (host) => `Нет связи с ${host}, или этому сайту не разрешено им пользоваться.`,
  cutOff: "Соединение оборвалось до того, как ответ был готов.",
  notReady: "Документы ещё читаются. Спросите чуть позже.",
  siteFull: "Этот сайт исчерпал свои вопросы на сегодня.",
  conversationFull: "Беседа достигла разрешённой длины. Начните новую.",
  busy: (seconds) => `Слишком много вопросов сразу. Попробуйте через ${seconds} с.`,
  failed: "На сервере произошла ошибка.",
  noServer: "Атрибут «server» не является веб-адресом.",
};

const LANGUAGES = { en: EN, uk: UK, ru: RU };
const DATE_LOCALES = { en: "en-GB" }; // 22 Jan 2026, as on the page

/** The words of a language tag such as "uk-UA", with `language` and `date(iso)`; English where it isn't known. */
export function wordsFor(tag) {
  const base = String(tag ?? "").toLowerCase().split("-")[0];
  const language = Object.hasOwn(LANGUAGES, base) ? base : "en";
  const format = new Intl.DateTimeFormat(DATE_LOCALES[language] ?? language, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  const words = LANGUAGES[language];
  const date = (iso) => {
    const day = new Date(iso ?? Number.NaN);
    return Number.isNaN(day.getTime()) ? words.undated : format.format(day).replaceAll(" ", "\u00a0");
  };
  return { ...words, language, date };
}
