import { expect, test } from 'vitest'
import { makeSite } from '../../../tools/testing/pipeline.ts'
import { scrubUrl } from './scrub_url.ts'

const site = makeSite({ parameters: ['page', 'sort', 'ref id'], sensitive: ['/health/*', '/*/diagnosis'] })

function scrub(url: string) {
  return scrubUrl(new URL(url), site)
}

test.each([
  ['https://user:secret@www.example.com/a#token=1', 'www.example.com', '/a', ''],
  ['https://www.example.com:443/a?page=2', 'www.example.com', '/a', 'page=2'],
  ['https://www.example.com:8443/a', 'www.example.com:8443', '/a', ''],
  ['https://www.example.com/a?sort=price&page=2&session=1', 'www.example.com', '/a', 'page=2&sort=price'],
  ['https://www.example.com/a?page=2&page=1', 'www.example.com', '/a', 'page=1&page=2'],
  ['https://www.example.com/a?PAGE=2', 'www.example.com', '/a', ''],
  ['https://www.example.com/a?page=john%40example.com', 'www.example.com', '/a', 'page=:email'],
  ['https://www.example.com/a?page=5f4dcc3b5aa765d61d83', 'www.example.com', '/a', 'page=:token'],
  ['https://www.example.com/a?page=1%262%3D3', 'www.example.com', '/a', 'page=1%262%3D3'],
  ['https://www.example.com/a?page=', 'www.example.com', '/a', 'page='],
  ['https://www.example.com/a?ref%20id=x', 'www.example.com', '/a', 'ref%20id=x'],
  ['https://www.example.com/a/../b', 'www.example.com', '/b', ''],
])('%s', (url, host, path, parameters) => {
  expect(scrub(url)).toEqual({ host, path, parameters, isSensitive: false })
})

test.each([
  ['https://*.example.com', 'https://shop.example.com:444/', 'shop.example.com:444'],
  ['https://*.example.com', 'https://a3f5c9d1e7b2.example.com/', ':token.example.com'],
  ['https://a3f5c9d1e7b2.example.com', 'https://a3f5c9d1e7b2.example.com/', 'a3f5c9d1e7b2.example.com'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/', '127.0.0.1:8080'],
])('host, where %s is listed: %s', (origin, url, host) => {
  expect(scrubUrl(new URL(url), makeSite({ origins: [origin] })).host).toBe(host)
})

test.each([
  ['https://www.example.com/health/hiv?page=2', '/health/*'],
  ['https://www.example.com/health', '/health/*'],
  ['https://www.example.com/HEALTH/hiv', '/health/*'],
  ['https://www.example.com//health//hiv', '/health/*'],
  ['https://www.example.com/%68ealth%2fhiv', '/health/*'],
  ['https://www.example.com/%2568ealth/hiv', '/health/*'],
  ['https://www.example.com/x/../health/hiv', '/health/*'],
  ['https://www.example.com/health;v=1/hiv', '/health/*'],
  ['https://www.example.com/patient/7/diagnosis', '/*/diagnosis'],
])('what reveals collapses to its pattern: %s', (url, pattern) => {
  expect(scrub(url)).toEqual({ host: 'www.example.com', path: pattern, parameters: '', isSensitive: true })
})
