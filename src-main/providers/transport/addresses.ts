import { type LookupAddress, lookup as resolve } from 'node:dns'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'

/**
 * Addresses no model server lives at: "this network", link-local (where clouds put their metadata service), multicast,
 * broadcast, and the metadata addresses that clouds put elsewhere (AWS over IPv6, Alibaba, Oracle).
 * Private networks stay reachable: a model server on the next desk is a declared base URL like any other.
 */
const forbidden = new BlockList()
forbidden.addSubnet('0.0.0.0', 8, 'ipv4')
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('224.0.0.0', 4, 'ipv4')
forbidden.addSubnet('240.0.0.0', 4, 'ipv4')
forbidden.addAddress('100.100.100.200', 'ipv4')
forbidden.addAddress('192.0.0.192', 'ipv4')
forbidden.addAddress('::', 'ipv6')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('ff00::', 8, 'ipv6')
forbidden.addAddress('fd00:ec2::254', 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** NAT64 (64:ff9b::/96) and 6to4 carry an IPv4 address inside; none is needed to reach a model server. */
const translated = new BlockList()
translated.addSubnet('64:ff9b::', 96, 'ipv6')
translated.addSubnet('2002::', 16, 'ipv6')

const isIn = (list: BlockList, address: string): boolean => {
  // BlockList reads IPv4-mapped IPv6 (::ffff:127.0.0.1) as the IPv4 address it is.
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** "localhost" and literal loopback addresses: a person who writes one means this machine. */
export const namesLoopback = (host: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (isIP(bare) !== 0) return isIn(loopback, bare)
  return bare === 'localhost' || bare.endsWith('.localhost')
}

/** Null when a connection is allowed, otherwise what is wrong with the address, as the end of a sentence. */
export const refusal = (address: string, loopbackDeclared: boolean): string | null => {
  if (isIn(forbidden, address)) return 'which is a link-local, metadata or multicast address'
  if (isIn(translated, address)) return 'which hides another address'
  if (!loopbackDeclared && isIn(loopback, address))
    return 'which is this machine although the base URL does not say so; write localhost or 127.0.0.1 for a local server'
  return null
}

/** Thrown by a look-up that ends at an address a request must not go to. */
export class ForbiddenAddress extends Error {
  readonly code = 'FORBIDDEN_ADDRESS'
}

/**
 * A look-up for sockets that checks every address *after* resolution, so that a public name cannot lead to this machine
 * or to a metadata service, and the checked address is the one that is connected (no second look-up, no rebinding).
 */
export const guardedLookup =
  (loopbackDeclared: boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      for (const { address } of addresses) {
        const reason = refusal(address, loopbackDeclared)
        if (reason !== null) {
          callback(new ForbiddenAddress(`${hostname} leads to ${address}, ${reason}`), '', 0)
          return
        }
      }
      const [first] = addresses
      if (options.all === true) callback(null, addresses)
      else if (first === undefined) callback(new Error(`${hostname} has no address`), '', 0)
      else callback(null, first.address, first.family)
    })
  }
