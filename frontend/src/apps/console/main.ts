import '@/kit/kit.css'
import '@/kit/chart/plot.css'
import '@/kit/list-page/list-page.css'
import './console.css'
import chinese from 'virtual:texts/zh-CN/console'
import { askLoginHere } from '@/shared/session/login-again'
import { boot } from '../boot'
import { toLogin } from '../leaving'
import App from './App.vue'
import { routes } from './routes'

void boot(App, routes, { chinese, english: () => import('virtual:texts/en/console') }, () => toLogin(askLoginHere))
