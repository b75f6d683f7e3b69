import Testing

@testable import Server

/// How modules become one. That the one does what they did is what the tests in the browser show.
struct ModuleLinkerTests {
    private let served = ModuleLinker([
        "main.js": "import{start}from\"./view/shell.js\";start();",
        "view/shell.js":
            "import{h}from\"../lib/dom.js\";import\"./log.js\";const x=\"export const no\";"
            + "export async function start(){h(x);await import(\"../later/qa.js\")}",
        "view/log.js": "import{h,icon}from\"../lib/dom.js\";\nconst x=h(icon);",
        "lib/dom.js": "const x=1;export const h=()=>x;export const icon=2;export class Bin{}",
        "lib/late.js": "export function late(){}",
        "later/qa.js":
            "import{h}from\"../lib/dom.js\";import{late}from\"../lib/late.js\";import{ask}from\"./ask.js\";"
            + "export function page(){}",
        "later/ask.js": "import{Bin}from\"../lib/dom.js\";export const ask=1;",
    ]) { $0.hasPrefix("later/") }.linked()

    @Test func `modules are called in the order of their imports, and keep their own names`() {
        #expect(
            served["main.js"] == """
                const{h,icon,Bin}=(()=>{const x=1;const h=()=>x;const icon=2;class Bin{};return{h,icon,Bin}})();\
                const{late}=(()=>{function late(){};return{late}})();\
                (()=>{
                const x=h(icon);})();\
                const{start}=(()=>{const x="export const no";async function start(){h(x);\
                await import("./later/qa.js")};return{start}})();\
                (()=>{start();})();\
                export{Bin,h,late};
                """)
    }

    @Test func `what comes later imports from the one, and from its like`() {
        #expect(served.keys.sorted() == ["later/ask.js", "later/qa.js", "main.js"])
        #expect(
            served["later/qa.js"]
                == "import{h,late}from\"../main.js\";import{ask}from\"../later/ask.js\";export function page(){}")
    }
}
