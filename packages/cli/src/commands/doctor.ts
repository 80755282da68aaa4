import { StoreCommand } from "../StoreCommand.ts"

export default class Doctor extends StoreCommand {
  static override summary = "Say what the store runs on, and whether that is fit for money."
  static override description =
    "Every setting with its origin, the database with what survives in it, its migrations, and " +
    "who owns it. Exits 1 when a database may forget what it acknowledged (fsync or " +
    "synchronous_commit off) or was written by a newer program, 6 when it does not answer. " +
    "Changes nothing."
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --json"
  ]

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    const { doctor } = await import("../programs/doctor.ts")
    await this.execute(flags, doctor(this.config.version))
  }
}
