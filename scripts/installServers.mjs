import { execFileSync, spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"

const policy = "/usr/sbin/policy-rc.d"
const clusterConf = "/etc/postgresql-common/createcluster.conf"
const clusterConfDefault = "/usr/share/postgresql-common/createcluster.conf"

const apt = (...args) =>
  execFileSync("apt-get", ["-y", "-qq", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", UCF_FORCE_CONFFOLD: "1" }
  })

/** Writes the file for as long as `work` runs; one that is already there is left as it is. */
const withFile = (path, content, mode, work, after = () => rmSync(path)) => {
  if (existsSync(path)) return work()
  writeFileSync(path, content, { mode })
  try {
    return work()
  } finally {
    after()
  }
}

export const canInstall = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")

/**
 * Installs Debian's packages without what comes with them: no default cluster and no running
 * service, for the tests start throwaway servers of their own.
 */
export const installServers = (packages) => {
  mkdirSync("/etc/postgresql-common", { recursive: true })
  const restoreDefault = () => {
    if (existsSync(clusterConfDefault)) copyFileSync(clusterConfDefault, clusterConf)
    else rmSync(clusterConf)
  }
  withFile(policy, "#!/bin/sh\nexit 101\n", 0o755, () =>
    withFile(
      clusterConf,
      "create_main_cluster = false\n",
      0o644,
      () => {
        apt("update")
        apt("install", "--no-install-recommends", ...packages)
      },
      restoreDefault
    )
  )
  // Not started now, nor at the next boot. Where there is no systemd, nothing is lost.
  if (packages.includes("redis-server")) {
    spawnSync("systemctl", ["disable", "redis-server"], { stdio: "ignore" })
  }
}
