/**
 * RFC 9457 problem details. An error class and its wire form are one codec, so that the server,
 * the OpenAPI document and the typed client cannot disagree.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { HttpApiSchema } from "../effectHttp.ts"
import { snakeCase } from "../wire/snakeCase.ts"

export const problemType = "application/problem+json"

/** What every problem has; the error's own fields stand beside it, in snake_case. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Stable and made for programs: `sold_out`, `price_changed`, ... */
  readonly code: string
}

/** An error that knows its own HTTP status. */
type ErrorClass = Schema.Top & {
  readonly identifier: string
  readonly fields: Schema.Struct.Fields
  // biome-ignore lint/suspicious/noExplicitAny: a class of any props
  new (props: any): { readonly _tag: string; readonly message: string }
}

export interface Problem<E> {
  readonly tag: string
  readonly code: string
  readonly status: number
  readonly schema: Schema.Codec<E, ProblemBody>
  /** The wire form of one error. */
  readonly body: (error: unknown) => ProblemBody
}

const statusOf = (error: ErrorClass): number => {
  const status = error.ast.annotations?.["httpApiStatus"]
  return typeof status === "number" ? status : 500
}

const titleOf = (code: string): string => {
  const words = code.replaceAll("_", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const standard = (code: string, status: number) => ({
  type: `urn:problem-type:doorbuster:${code}`,
  title: titleOf(code),
  status,
  code
})

const standardNames = new Set(["type", "title", "status", "detail", "code"])

/** An error's own field, and what it is called on the wire. */
interface Field {
  readonly name: string
  readonly onWire: string
  readonly schema: Schema.Top
}

const fieldsOf = (error: ErrorClass, renames: Readonly<Record<string, string>>) =>
  Object.entries(error.fields).flatMap(([name, schema]): ReadonlyArray<Field> => {
    if (name === "_tag") return []
    const onWire = renames[name] ?? snakeCase(name)
    // It must not stand where every client looks for the problem's own.
    if (standardNames.has(onWire)) throw new Error(`${error.identifier}: rename ${name}`)
    return [{ name, onWire, schema: schema as Schema.Top }]
  })

const make = <E extends ErrorClass>(
  error: E,
  code: string,
  fields: ReadonlyArray<Field>,
  transformation: SchemaTransformation.Transformation<unknown, unknown>
): Problem<InstanceType<E>> => {
  const status = statusOf(error)
  const wire = Schema.Struct({
    type: Schema.String,
    title: Schema.String,
    status: Schema.Literal(status),
    detail: Schema.String,
    code: Schema.Literal(code),
    ...Object.fromEntries(fields.map(({ onWire, schema }) => [onWire, schema]))
  })
  const schema = wire.pipe(
    Schema.decodeTo(Schema.toType(error), transformation as never),
    HttpApiSchema.asJson({ contentType: problemType }),
    HttpApiSchema.status(status)
  ) as unknown as Schema.Codec<InstanceType<E>, ProblemBody>
  const encode = Schema.encodeUnknownSync(schema)
  return { tag: error.identifier, code, status, schema, body: (value) => encode(value as never) }
}

/**
 * The problem form of an error: its code is its tag, its detail its message. `renames` names
 * fields on the wire that would otherwise be called like one of the problem's own.
 */
export const problem = <E extends ErrorClass>(
  error: E,
  renames: Readonly<Record<string, string>> = {}
): Problem<InstanceType<E>> => {
  const fields = fieldsOf(error, renames)
  const code = snakeCase(error.identifier)
  const status = statusOf(error)
  return make(
    error,
    code,
    fields,
    SchemaTransformation.transform<unknown, unknown>({
      decode: (body) => {
        const sent = body as Readonly<Record<string, unknown>>
        return new error(Object.fromEntries(fields.map((f) => [f.name, sent[f.onWire]])))
      },
      encode: (value) => {
        const own = value as Readonly<Record<string, unknown>> & { readonly message: string }
        const data = Object.fromEntries(fields.map((f) => [f.onWire, own[f.name]]))
        return { ...standard(code, status), detail: own.message, ...data }
      }
    })
  )
}

/** For errors whose fields are nobody's business: a fixed code and detail. */
export const opaqueProblem = <E extends ErrorClass>(
  error: E,
  options: {
    readonly code: string
    readonly detail: string
    /** What a client sees in place of the hidden fields. */
    readonly decode: (detail: string) => InstanceType<E>
  }
): Problem<InstanceType<E>> => {
  const { code, decode, detail } = options
  const status = statusOf(error)
  return make(
    error,
    code,
    [],
    SchemaTransformation.transform<unknown, unknown>({
      decode: (wire) => decode((wire as ProblemBody).detail),
      encode: () => ({ ...standard(code, status), detail })
    })
  )
}
