export type { ExportFormat } from '@/shared/export/export'
