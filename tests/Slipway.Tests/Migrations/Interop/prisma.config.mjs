// Runs Prisma's real schema engine, the WASM one inside its npm package, through a driver adapter. The adapter is made to act
// as the native engine does: type name is a text, and a script is one query.
import { PrismaPg } from '@prisma/adapter-pg'
import Result from 'pg/lib/result.js'

const { addFields } = Result.prototype
Result.prototype.addFields = function (fields) {
  for (const field of fields) {
    field.dataTypeID = field.dataTypeID === 19 ? 25 : field.dataTypeID
  }

  return addFields.call(this, fields)
}

// A timer of the lock that nobody clears would keep the process for ten seconds after its work.
const { setTimeout } = globalThis
globalThis.setTimeout = (callback, delay, ...rest) => {
  const timer = setTimeout(callback, delay, ...rest)
  return delay === 10000 ? timer.unref() : timer
}

class NativeLike extends PrismaPg {
  async connect() {
    const adapter = await super.connect()
    adapter.executeScript = async (script) => {
      await adapter.client.query(script)
    }
    return adapter
  }
}

export default {
  schema: 'schema.prisma',
  engine: 'js',
  experimental: { adapter: true },
  adapter: async () => new NativeLike({ connectionString: process.env.DATABASE_URL, allowExitOnIdle: true }),
  migrations: { path: process.env.MIGRATIONS },
}
