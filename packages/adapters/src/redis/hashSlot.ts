/** Which of the 16,384 slots of a Redis Cluster a key lies in: CRC16 (XMODEM) of its tag. */
const slots = 16_384
const polynomial = 0x1021

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1)
    crc = (crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1) & 0xffff
  return crc
})

/** What is between the first pair of braces, where there is something; else the whole key. */
const tagOf = (key: string): string => {
  const open = key.indexOf("{")
  const close = key.indexOf("}", open + 1)
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key
}

export const hashSlot = (key: string): number => {
  let crc = 0
  for (const byte of Buffer.from(tagOf(key))) {
    crc = ((crc << 8) ^ (table[(crc >> 8) ^ byte] ?? 0)) & 0xffff
  }
  return crc % slots
}
