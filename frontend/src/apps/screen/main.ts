import '@/kit/kit.css'
import '@/kit/chart/plot.css'
import './screen.css'
import chinese from 'virtual:texts/zh-CN/screen'
import { boot } from '../boot'
import App from './App.vue'
import { routes } from './routes'

void boot(App, routes, { chinese, english: () => import('virtual:texts/en/screen') })
