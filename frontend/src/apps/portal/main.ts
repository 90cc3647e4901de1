import '@/kit/kit.css'
import './portal.css'
import chinese from 'virtual:texts/zh-CN/portal'
import { boot } from '../boot'
import App from './App.vue'
import { routes } from './routes'
import { registerWorker } from './worker/register'

void boot(App, routes, { chinese, english: () => import('virtual:texts/en/portal') })
registerWorker()
