import * as Redacted from "effect/Redacted"

/** Where a value came from; the first that has one wins, in this order. */
export type Origin =
  | { readonly _tag: "flag"; readonly name: string }
  | { readonly _tag: "environment"; readonly name: string }
  | { readonly _tag: "file"; readonly path: string; readonly name: string }
  | { readonly _tag: "default" }
  | { readonly _tag: "unset" }

/** A setting: its names, its meaning, and how it is read and shown. */
export interface Setting<A> {
  /** Key in the settings file. */
  readonly file: string
  readonly env: string
  /** Name of the flag where there is one; secrets have none, or `ps` would show them. */
  readonly flag?: string
  readonly description: string
  readonly fallback: A
  /** From a flag or the environment (text), or from the file (JSON). */
  read(raw: unknown): Reading<A>
  /** As `store doctor` prints it. */
  show(value: A): string
}

export type Reading<A> =
  | { readonly _tag: "Read"; readonly value: A }
  /** What was expected instead, to follow "has to be". */
  | { readonly _tag: "Refused"; readonly expected: string }

const reading = <A>(value: A): Reading<A> => ({ _tag: "Read", value })
const refused = (expected: string): Reading<never> => ({ _tag: "Refused", expected })

type Names = Pick<Setting<unknown>, "file" | "env" | "flag" | "description">

const unset = "-"

export const text = <const N extends Names, A extends string | undefined>(names: N, fallback: A) =>
  ({
    ...names,
    fallback,
    read: (raw) =>
      typeof raw === "string" && raw !== "" ? reading(raw) : refused("a text that is not empty"),
    show: (value) => value ?? unset
  }) satisfies Setting<string | A>

export const integer = <const N extends Names>(
  names: N,
  { fallback, maximum, minimum }: Readonly<Record<"fallback" | "maximum" | "minimum", number>>
) =>
  ({
    ...names,
    fallback,
    read: (raw) => {
      const value = typeof raw === "string" && /^\d+$/.test(raw) ? Number(raw) : raw
      return typeof value === "number" &&
        Number.isInteger(value) &&
        value >= minimum &&
        value <= maximum
        ? reading(value)
        : refused(`a whole number from ${minimum} to ${maximum}`)
    },
    show: (value: number) => String(value)
  }) satisfies Setting<number>

/** One of a few words. */
export const choice = <const N extends Names, const A extends string>(
  names: N,
  words: ReadonlyArray<A>,
  fallback: A
) =>
  ({
    ...names,
    fallback,
    read: (raw) => {
      const word = words.find((each) => each === raw)
      return word === undefined ? refused(`one of ${words.join(", ")}`) : reading(word)
    },
    show: (value: A) => value
  }) satisfies Setting<A>

/** On or off; off unless it is said. */
export const toggle = <const N extends Names>(names: N) =>
  ({
    ...names,
    fallback: false,
    read: (raw) => {
      if (raw === true || raw === "on") return reading(true)
      return raw === false || raw === "off" ? reading(false) : refused("on or off")
    },
    show: (value: boolean) => (value ? "on" : "off")
  }) satisfies Setting<boolean>

/** Shown as `<redacted>`, in every log and every error as well. */
export const secret = <const N extends Names>(names: N) =>
  ({
    ...names,
    fallback: undefined,
    read: (raw) =>
      typeof raw === "string" && raw.length >= secretLengthMin
        ? reading(Redacted.make(raw))
        : refused(`a text of at least ${secretLengthMin} characters`),
    show: (value) => (value === undefined ? unset : String(value))
  }) satisfies Setting<Redacted.Redacted<string> | undefined>

const secretLengthMin = 16

/** Keeps what helps to recognise a place, and none of what opens it. */
const withoutSecrets = (text: string): string => {
  const url = URL.parse(text)
  if (url === null) return "<redacted>"
  const user = url.username === "" ? "" : `${url.username}${url.password === "" ? "" : ":"}`
  const password = url.password === "" ? "" : "<redacted>"
  const login = user === "" ? "" : `${user}${password}@`
  const query = url.search === "" ? "" : "?<redacted>"
  return `${url.protocol}//${login}${url.host}${url.pathname}${query}`
}

export const url = <const N extends Names>(names: N, protocols: ReadonlyArray<string>) =>
  ({
    ...names,
    fallback: undefined,
    read: (raw) =>
      typeof raw === "string" && protocols.includes(URL.parse(raw)?.protocol ?? "")
        ? reading(Redacted.make(raw))
        : refused(`a URL that begins with ${protocols.map((p) => `${p}//`).join(" or ")}`),
    show: (value) => (value === undefined ? unset : withoutSecrets(Redacted.value(value)))
  }) satisfies Setting<Redacted.Redacted<string> | undefined>
