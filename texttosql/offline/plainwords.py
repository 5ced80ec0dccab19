"""English words that are spelled right: never to be read as a typo of a store's name.

Knowing a word is not understanding it. One of these that no rule uses still makes the engine say
that it does not know what is meant; it only keeps "frank" from becoming "rank".
"""

from __future__ import annotations

RULE_WORDS = frozenset(
    """
absolute access affect affecting affects aggregate aggregated ahead algos aliased alright
architectures arranged artifacts aside backbones base beginning blew break bucketed busy bypass
call carry carrying challenger changed changes choice classifiers clock comments common commonly
compares comparing completion converge correlate correlates counting counts course deets depend
depending depends deployed descriptions develop diff differ differences differs disabled disregard
diverged effect elapsed enabled even everywhere examples expect exploded falls false family fell
fifth fourth frequent frequently goes guard hash help helping helps hitting hurt hurting hurts
impact impacts improv incl index infinities influence influences infs initial inner instructions
iterations jailbreak keys labeled labelled lasting lasts learning leaving length level lies
lifetime load location logging machine matching matter matters mention mentioning mentions moved
needed night none nulls onwards option organized outer overnight pass path peak perc percentages
percentile percents performers point points popular portion preceding pretend prior prod
productive progress prolific promoted prompt published qtrs quarters ranges ranging rates react
reacts recency registries regressed relate relates relationship remain removed reorder resort
reveal reverse root rules runner runtimes saying scale scales schema seed segmented separate
serving several significantly skipping soft somewhere sorry specs stack standalone standard
starting stayed stays step strictly subruns summarised summarized switch system tables tally terms
thru timeline titles toplevel trailing trashed true undefined union unnested varies vary
versionless wait wall wallclock whopping wins words years zero zoom steps train test batch size
rate score point folds trial trials
""".split()
)

COMMON = frozenset(
    """
ability above accept account across action active actual adult advance advice afraid after again
against agency agent agree air airport alarm album alive allow almost alone along already also
although amazing amount analysis ancient anger angle animal announce annual another answer anybody
apart apartment appear apple apply approach area argue arm army around arrive article artist
aspect assume attack attention author avoid award aware awful baby back background bad balance
ball band bank bar barely basic battle beach bear beat beautiful because become bed before begin
behave behind belief believe belong below benefit beside better beyond big bird birth birthday bit
bite black blame block blood blow blue board boat body bomb bone book border bored boring born
borrow boss both bother bottle bottom bowl box boy brain branch brand brave bread breakfast breath
bridge brief bright bring broad brother brown brush build burn bus business butter button buy cake
camera camp campaign cancer candidate capable capacity capital car card care career careful case
cash cat catch cause ceiling cell center central century certain chain chair challenge chance
change channel chapter character charge chat cheap check cheese chicken chief child choose church
circle citizen city claim class clean clear client climate climb close cloth cloud club cluster
coach coast code coffee cold collect college color column combine come comfort command comment
commercial commission commit committee common community company compare compete complain complex
computer concept concern concert condition conference confirm confuse connect consider consist
contact contain content contest context continue contract control conversation cook cool copy
corner correct cost could council country couple courage court cousin cover crazy cream create
credit crew crime crisis crop cross crowd cruel cry cup culture cure curious current customer cut
cycle daily damage dance danger dark database date daughter dead deal dear death debate debt
decade decide decision deep defend define degree delay deliver demand deny department deposit
depth describe desert deserve design desire desk destroy detail develop device devil dialog
dictionary diet different difficult dinner direct dirt disagree discover discuss disease dish
distance divide doctor document dog dollar door double doubt down draft drag drama draw dream
dress drink drive drop drug dry due dust duty each eager early earn earth ease east easy eat
economy edge educate effort egg either elect electric else email emotion employ empty enable enemy
energy engine enjoy enough enter entire entry equal escape especially even evening event every
evidence evil exact exam example excellent except exchange exciting excuse exercise exist expand
expect expensive expert explain explore express extend extra eye face fact factory fail fair faith
fall familiar family famous fan fancy far farm fashion fast fat father fault favor fear feed feel
fellow female fence few field fight figure file fill film final finance find finger finish fire
firm fish fit fix flag flat flight float floor flow flower fly focus fold follow food fool foot
football force foreign forest forever forget form formal former forward frame free freedom fresh
friend front fruit fuel full fun function fund funny furniture future gain game garage garden gas
gate gather general gentle gift girl give glad glass global goal god gold good goods government
grab grade grand grandfather grass gray great green greet ground group grow guard guess guest
guide guitar gun guy habit hair half hall hand handle hang happy hard harm hate head health hear
heart heat heavy height hello help here hide high hill hire history hit hobby hold hole holiday
home honest hope horror horse hospital host hot hotel hour house however huge human humor hundred
hungry hurry hurt husband ice idea ideal identify ignore ill image imagine immediate impact imply
important impossible impress improve inch income increase indeed indicate individual industry
inform injury inside insist inspire install instead insure intend interest internal internet
interview introduce invest invite involve iron island issue item jacket job join joint joke judge
juice jump junior jury just keep key kick kid kill kind king kiss kitchen knee knife knock know
lab labor lack lady lake land language laptop large last late laugh law lawyer lay lazy lead leaf
league lean learn lease leave lecture left leg legal lend less lesson letter level library license
lie life lift light like limit line link lion lip list listen little live load loan local lock
logic lonely long look loose lose loss lot loud love low luck lunch machine mad magazine magic
mail main major make male mall man manage manager many map march market marriage master match mate
material math matter maximum maybe meal mean measure meat media medical meet meeting member memory
mental menu message metal method middle might mile military milk mill million mind mine minister
minor minute mirror miss mission mistake mix mode model modern moment money monitor month mood
moon moral more morning mortgage most mother motion motor mountain mouse mouth move movie much
murder muscle museum music must mystery nail name narrow nation nature near neat neck need
negative neighbor neither nerve nervous net network never new news next nice night nobody noise
none normal north nose note nothing notice novel number nurse object obtain obvious occur ocean
odd offer office officer often oil old once one online only open operate opinion opportunity
oppose option orange order ordinary organize other ought outside oven over own owner pace pack
page pain paint pair pale panel pants paper parent park part partner party pass past path patient
pattern pause pay peace pen people perfect perhaps period permit person phase phone photo phrase
physical piano pick picture piece pin pipe pitch place plan plane planet plant plastic plate
platform play player please plenty poem poet police policy polite political pool poor pop popular
position possess possible post pot potential pound power practice prefer prepare present president
press pretend pretty prevent price pride priest prime print prior prison private prize problem
process produce product profit program project promise prompt proof proper property propose
protect proud prove provide public pull punch pure purple purpose push put puzzle quality quantity
queen quick quiet quit quite quote race radio rail rain raise range rank rapid rare raw reach
react read ready real reality realize reason receive recent recognize recommend red reduce refer
reflect refuse regard region regret regular reject relate relax release relief religion rely
remain remember remind remote remove rent repair repeat replace reply report request require
rescue research reserve resist resolve resource respond rest restaurant retire return reveal
review rice rich ride ring rise risk river road rock role roll roof room root rope rough round
route routine row royal rub rude ruin rule rush sad safe sail salad salary sale salt same sand
save say scene schedule school science screen script sea search season seat second secret section
secure see seek seem select self sell send senior sense sentence series serious serve server
service session set settle seven severe sex shade shake shall shame shape share sharp she sheet
shelf shell shine ship shirt shock shoe shoot shop short shot should shoulder shout show shower
shut sick side sign signal silent silly silver similar simple since sing single sink sister sit
site size skill skin skirt sky sleep slice slide slight slip slow small smart smell smile smoke
smooth snow social society sock soft software soil soldier solid solution solve some song soon
sort soul sound soup source south space spare speak special speech speed spell spend spirit spite
sport spot spray spread spring square stable staff stage stair stand standard star start state
station stay steal steam steel step stick still stock stomach stone stop store storm story
straight strange street stress stretch strike string strip strong structure struggle student study
stuff stupid style subject success such sudden suffer sugar suggest suit summer sun super supply
support sure surprise surround survive suspect sweet swim switch symbol system table tail take
tale talk tall tank tap target task taste tax tea teach team tear tell ten tend term terrible test
text than thank that theme then theory there thick thin thing think third this though thought
thousand threat throat through throw thus ticket tie tight till time tiny tip tired title today
toe together tomorrow tone tongue tonight tool tooth top total touch tough tour towel tower town
track trade train transfer translate travel treat tree trick trip trouble truck true trust truth
try tube tune turn twice twin two type ugly unable uncle under union unique unit universe until
upon upper upset urban urge use usual vacation valley valuable value vast vehicle version very
video view village violent virus visit visual voice volume vote wage wake walk wall war warm warn
wash waste watch water wave way weak wealth weapon wear weather web wedding week weekend weight
weird welcome well west wet what wheel when where which while white who whole why wide wife wild
will win wind window wine wing winner winter wise wish with woman wonder wood word work world
worry worth would wound wrap write wrong yard yeah year yellow yes yet young your youth zone
""".split()
)

_VERBS = """
accept achieve act add adjust agree allow amount answer appear apply approve arrive ask assess
assume attach attain attempt attend average base beat become begin behave believe belong bring
build burn call care carry catch cause check chew choose cite claim clear click climb close
collect combine come comment complain complete compute concern conclude confirm connect consider
consist consume contain continue contribute converge cost cover crash create crunch cut decide
decline decrease define deliver depend derive describe deserve design detect determine develop
differ discover discuss display dig dominate earn emerge employ enable end enjoy enter estimate
evaluate exceed exist expect experience explore express extract fall fare favour feature feed feel
figure fill finalize find fire flag focus follow force form gain gather generate give go grab grow
guess handle hang happen hear help hit hold hope imagine improve include increase indicate intend
introduce invest investigate involve join judge jump keep kick know label lag land last launch
lead lean learn leave lie lift like link list live load log look lose love maintain make manage
matter mean measure meet mention monitor move need note notice observe obtain occur offer open
operate own participate pass peak perform pick place plan play point prefer prepare present
process produce prove provide publish pull push put raise reach read realize receive recognize
recommend record refer reflect register regress relate release rely remain remember report
represent require respond rest result return reveal review rise roll save say score see seek seem
select send serve settle share shift show sit sort sound spend spike split spot stand start state
stay stick strike struggle study submit succeed suffer suggest suit support surface surpass
surprise sweep take talk target tell tend think tie touch trace track trend trigger trust try turn
understand use utilize value vary verify wait want waste watch win wish witness wonder work worry
yield
"""


def _inflected(verb: str) -> set[str]:
    """The regular forms of a verb: need -> needs, needed, needing."""
    stem = verb.removesuffix("e")
    doubled = verb + verb[-1]
    third = verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeou" else verb + "s"
    past = verb[:-1] + "ied" if third.endswith("ies") else stem + "ed"
    return {verb, third, verb + "es", past, stem + "ing", doubled + "ed", doubled + "ing"}


VERBS = frozenset().union(*(_inflected(verb) for verb in _VERBS.split())) | frozenset(
    """
became began brought built came caught chose cost drew drove fed fell felt flew found gave got
grew had heard held kept knew known led left lost made meant met paid read rose said sat saw seen
sent showed shown sold spent spoke stood struck swept taken taught told took understood went won
wrote written
""".split()
)
"""Verbs that say that something happened, and nothing about which runs are meant."""

ADVERBS = frozenset(
    """
moment anywhere nowhere somewhere everywhere altogether meanwhile instead indeed hence thus
therefore however though although whereas whatever whenever wherever whoever somehow otherwise
likewise also again ahead apart aside away forward backward backwards inside outside together
upfront offhand obviously clearly evidently apparently seemingly presumably supposedly hopefully
unfortunately sadly luckily surprisingly interestingly curiously strangely oddly frankly honestly
seriously truly quickly slowly fast recently formerly previously currently presently eventually
finally initially originally mostly mainly largely chiefly partly fully entirely wholly completely
totally merely active volume sure glad happy fine useful breakdown
""".split()
)
