(function(){
"use strict";
var tip=document.createElement("div");
tip.id="tip";tip.hidden=true;tip.setAttribute("role","status");
document.body.appendChild(tip);
// A tooltip of our own shows at once, and on a phone too.
document.querySelectorAll("svg .pt>title").forEach(function(t){
	var p=t.parentNode;p.setAttribute("data-tip",t.textContent);p.removeChild(t);
});
// Points are small and lie close together: the nearest one within a finger's width speaks.
function nearest(e){
	var best=null,least=24,svg=e.target.closest&&e.target.closest("svg.fig");
	if(svg)svg.querySelectorAll("[data-tip]").forEach(function(p){
		var r=p.getBoundingClientRect();
		var d=Math.hypot(r.left+r.width/2-e.clientX,r.top+r.height/2-e.clientY);
		if(d<least){least=d;best=p;}
	});
	return best;
}
function show(e){
	var p=nearest(e);
	if(!p){tip.hidden=true;return;}
	tip.textContent=p.getAttribute("data-tip");tip.hidden=false;
	var r=p.getBoundingClientRect(),w=tip.offsetWidth,h=tip.offsetHeight;
	var room=document.documentElement.clientWidth;
	var x=Math.max(4,Math.min(r.left+r.width/2-w/2,room-w-4));
	var y=r.top-h-8;if(y<4)y=r.bottom+8;
	tip.style.left=x+window.scrollX+"px";tip.style.top=y+window.scrollY+"px";
}
document.addEventListener("pointermove",show);
document.addEventListener("click",show);
document.addEventListener("keydown",function(e){if(e.key==="Escape")tip.hidden=true;});
function value(cell){
	var s=cell.textContent.trim(),m=/^(\d+)([KMGT])$/.exec(s);
	if(m)return m[1]*Math.pow(1024,"KMGT".indexOf(m[2])+1);
	var n=parseFloat(s.replace(/,/g,""));
	return isNaN(n)?s:n;
}
function sort(th){
	var tb=th.closest("table").tBodies[0],i=th.cellIndex;
	var up=th.getAttribute("aria-sort")!=="ascending";
	var rows=Array.prototype.slice.call(tb.rows).map(function(r,k){return[value(r.cells[i]||r.cells[0]),k,r];});
	rows.sort(function(a,b){
		var x=a[0],y=b[0],d;
		if(typeof x===typeof y)d=x<y?-1:x>y?1:0;else d=typeof x==="number"?-1:1;
		return (up?d:-d)||a[1]-b[1];
	});
	rows.forEach(function(r){tb.appendChild(r[2]);});
	th.parentNode.querySelectorAll("th").forEach(function(o){o.removeAttribute("aria-sort");});
	th.setAttribute("aria-sort",up?"ascending":"descending");
}
document.querySelectorAll("table.sort th").forEach(function(th){
	var b=document.createElement("button");b.type="button";
	b.textContent=th.textContent;th.textContent="";th.appendChild(b);
	b.addEventListener("click",function(){sort(th);});
});
// Figures of one group take turns; without this script all of them show. Many are chosen from a list.
document.querySelectorAll(".group").forEach(function(g){
	var figs=Array.prototype.slice.call(g.querySelectorAll("figure"));
	if(figs.length<2)return;
	var bar=document.createElement("div"),list=figs.length>14?document.createElement("select"):null;
	bar.className="pick";g.insertBefore(bar,g.firstChild);
	var names=figs.map(function(f){return f.getAttribute("data-label");}).concat(["all"]);
	function pick(k){
		figs.forEach(function(f,i){f.hidden=k<figs.length&&i!==k;});
		bar.querySelectorAll("button").forEach(function(b,i){b.setAttribute("aria-pressed",i===k);});
		if(list)list.selectedIndex=k;
	}
	if(list){list.setAttribute("aria-label","which picture");bar.appendChild(list);
		list.addEventListener("change",function(){pick(list.selectedIndex);});}
	names.forEach(function(n,i){
		var b=document.createElement(list?"option":"button");b.textContent=n;
		if(!list){b.type="button";b.addEventListener("click",function(){pick(i);});}
		(list||bar).appendChild(b);
	});
	function follow(){
		var k=figs.findIndex(function(f){return location.hash==="#"+f.id;});
		if(k>=0){pick(k);figs[k].scrollIntoView();}
	}
	pick(Math.max(0,names.indexOf("4K")));
	follow();
	window.addEventListener("hashchange",follow);
	window.addEventListener("beforeprint",function(){pick(figs.length);});
});
document.querySelectorAll(".panel").forEach(function(p,i){
	var svg=p.querySelector("svg"),b=document.createElement("button");
	if(!svg)return;
	b.type="button";b.className="save";b.textContent="save SVG";
	b.setAttribute("aria-label","save this picture as SVG");
	b.addEventListener("click",function(){
		var c=svg.cloneNode(true);
		c.querySelectorAll("[data-tip]").forEach(function(g){
			var n=document.createElementNS("http://www.w3.org/2000/svg","title");
			n.textContent=g.getAttribute("data-tip");g.insertBefore(n,g.firstChild);
		});
		var a=document.createElement("a");
		a.href=URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(c)],{type:"image/svg+xml"}));
		a.download=(p.closest("figure").id||"figure")+"-"+(i+1)+".svg";
		a.click();setTimeout(function(){URL.revokeObjectURL(a.href);},1000);
	});
	p.appendChild(b);
});
})();
