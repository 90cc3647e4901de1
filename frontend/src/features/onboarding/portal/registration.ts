// What a place lets people do who come by themselves.
import { api, bodyOf, type Schemas } from '@/shared/api/client'

export type Terms = Schemas['RegistrationTermsOut']

export async function readTerms(code: string, signal: AbortSignal): Promise<Terms> {
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/registration', { params: { path: { tenant_code: code } }, signal }))
}
