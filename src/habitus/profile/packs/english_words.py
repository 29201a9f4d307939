"""The English words that the frames of `english` are made of, as alternatives for patterns."""

from __future__ import annotations

ADVERBS = (
    "really|truly|also|too|still|just|actually|honestly|personally|definitely|absolutely|certainly"
    "|generally|genuinely|particularly|especially|strongly|deeply|greatly|much|very much|highly"
    "|totally|completely|simply|firmly|strictly|adamantly|thoroughly|seriously|literally|always"
    "|usually|typically|normally|mostly|often|clearly|obviously|basically|even|now|currently"
    "|recently|lately|fully|utterly|intensely|immensely|consistently|constantly|of course|indeed"
    "|entirely|so|actively|increasingly|both|in general|tend to|ever|already|at times|sure|then"
    "|passionately|vehemently|quite|rather|extremely|never really|thoroughly|secretly|proudly"
)
HEDGES = (
    "maybe|perhaps|probably|possibly|kind of|kinda|sort of|sorta|sometimes|occasionally|might"
    "|guess i|suppose i|think i|think|guess|suppose"
)
HEDGED = r"\b(?:maybe|perhaps|probably|possibly|i think|i guess|i suppose|i'd say|i would say|i feel like|i believe|sometimes|apparently|kind of|kinda|sort of|sorta|occasionally|might|guess|suppose|think)\b"
DEGREES = (
    "really|very|so|super|too|quite|pretty|rather|extremely|particularly|especially|more|most|big"
    "|huge|massive|great|avid|strong|deep|intense|severe|extreme|strict|bit|little|major|real|true"
    "|total|complete|firm|lifelong|long-time|longtime|long|deep-seated|deep-rooted|general|acute"
    "|terrible|serious|special|particular|clear|hardcore|die-hard|bigger|biggest|certain|genuine"
    "|definite|absolute|proper|profound|mild|slight|bad|overly|such|definitely|much|a bit|a little"
    "|somewhat|incredibly|totally|absolutely|highly|personal|marked|natural|healthy|complete|utter"
    "|overwhelming|irrational|crippling|growing|constant|an|a|all that|that|nice and|and"
)
GOOD = (
    "relaxing|calming|soothing|enjoyable|fascinating|inspiring|therapeutic|fun|rewarding|comforting"
    "|engaging|helpful|useful|effective|delicious|peaceful|fulfilling|invigorating|motivating"
)
BAD = (
    "boring|dull|tedious|ineffective|unhelpful|distracting|overwhelming|difficult|hard|stressful"
    "|annoying|disorienting|exhausting|off-putting|uncomfortable|unappealing|disgusting|tiring"
    "|intimidating|monotonous|draining|unpleasant|impersonal|confusing|frustrating|demotivating"
    "|repetitive|overrated|childish|irritating|gross|restrictive|distressing|challenging|loud"
    "|unbearable|scary|repulsive|pretentious|unengaging|overstimulating|tacky|cheesy"
)
TRY = r"(?:always |generally |usually )?(?:try to|try my best to|do my best to|prefer to|tend to|need to|have to|like to|must|choose to|make sure to|am careful to|want to)(?: always| generally| strictly)?"
FAVOURITE = "favou?rite|fave|fav|go-to|preferred"
PETS = (
    "dogs?|cats?|furry friends?|fur bab(?:y|ies)|fur kids|doggos?|kitties|pupp(?:y|ies)|pups?|kittens?|kitt(?:y|ies)|rabbits?|bunn(?:y|ies)|hamsters?|guinea pigs?|parrots?"
    "|turtles?|tortoises?|goldfish|fish tank|aquarium|snakes?|lizards?|geckos?|ferrets?|ponies|pony"
    "|horses?|chickens|budgies?|parakeets?|canar(?:y|ies)|pets?|labradors?|retrievers?|poodles?"
    "|beagles?|bulldogs?|terriers?|huskies|husky|corgis?|shepherds?|greyhounds?|dachshunds?"
)
KEPT = "golden|german|old|older|young|new|little|two|three|four|beloved|rescue|pet|border|french|sweet|black|white"
BELONGINGS = (
    PETS
    + "|cars?|bikes?|bicycles?|motorbikes?|motorcycles?|scooters?|vans?|trucks?|boats?|campervans?"
    "|caravans?|suvs?|sedans?|convertibles?|teslas?|hybrids?|guitars?|pianos?|violins?|cellos?"
    "|ukuleles?|drums|drum kit|drum set|keyboards?|saxophones?|trumpets?|flutes?|telescopes?"
    "|cameras?|iphones?|android phone|macbooks?|laptops?|ipads?|tablets?|kindles?|consoles?"
    "|playstations?|ps5|ps4|xbox|nintendo switch|gaming pc|smartwatch|fitbit|apple watch|drones?"
    "|3d printers?|sewing machine|air fryer|gardens?|greenhouse|allotment|backyard|balcony|house"
    "|flat|apartment|cottage|cabin|condo|farm|kids?|children|child|sons?|daughters?|twins|toddlers?"
    "|bab(?:y|ies)|stepsons?|stepdaughters?|grandchildren|grandkids|grandsons?|granddaughters?"
    "|brothers?|sisters?|siblings|nieces?|nephews?|husband|wife|tattoos?|piercings?|skateboards?"
    "|surfboards?|kayaks?|canoes?|turntables?|record player|vinyl collection|collection(?: of [\\w-]+(?: (?!that|which|from|in|with|and)[\\w-]+)?)?"
    "|driving licen[cs]e|driver's licen[cs]e|phd|master's degree|masters degree|bachelor's degree|degree in [\\w-]+(?: [\\w-]+)?"
)
DETERMINERS = (
    "an?|one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,2}|my own|some|several|a few|a couple of"
    "|another|a pet|a pair of|no|a whole"
)
ADJECTIVES = r"(?:(?!of\b|and\b|for\b|to\b|in\b|with\b|that\b|who\b|about\b|on\b|from\b|at\b|my\b|your\b|friend\b|good\b|great\b)[\w\ue000'-]+,? ){0,3}?"
CONDITIONS = (
    "diabetes|type [12] diabetes|asthma|adhd|add|autism|dyslexia|epilepsy|arthritis|anxiety|depression"
    "|celiac disease|coeliac disease|crohn's(?: disease)?|ibs|high blood pressure|migraines|insomnia"
    "|sleep apnea|tinnitus|eczema|psoriasis|hypertension|ptsd|ocd|bipolar disorder|chronic pain|vertigo"
)
WAYS = (
    "vegan|vegetarian|pescatarian|pescetarian|flexitarian|teetotal|teetotaller|sober|gluten[- ]free"
    "|plant[- ]based|early bird|morning person|night owl|homebody|introvert|extrovert|foodie|bookworm"
    "|perfectionist|minimalist|dog owner|cat owner|pet owner|cat person|dog person|muslim|christian"
    "|catholic|jewish|buddhist|hindu|atheist|agnostic|night person|beginner|coeliac|celiac|diabetic"
    "|non-smoker|smoker|people person|gamer|movie buff|coffee drinker|tea drinker"
)
ROLES = (
    "nurse|teacher|doctor|engineer|programmer|developer|designer|lawyer|solicitor|student|artist|writer"
    "|author|musician|dancer|dance instructor|instructor|chef|cook|baker|barista|waiter|waitress"
    "|accountant|analyst|architect|carpenter|plumber|electrician|mechanic|pilot|driver|firefighter"
    "|fire-fighter|police officer|paramedic|surgeon|dentist|vet|veterinarian|pharmacist|therapist"
    "|psychologist|counsell?or|social worker|journalist|photographer|videographer|filmmaker|actor"
    "|actress|singer|songwriter|producer|director|manager|consultant|scientist|researcher|professor"
    "|lecturer|librarian|farmer|gardener|fisherman|sailor|soldier|veteran|entrepreneur|business owner"
    "|shop owner|founder|ceo|freelancer|translator|editor|editor-in-chief|screenwriter|blogger|streamer|youtuber"
    "|podcaster|coach|personal trainer|trainer|athlete|runner|swimmer|cyclist|climber|surfer|skier"
    "|gymnast|boxer|basketball player|football player|soccer player|tennis player|player|golfer"
    "|volunteer|mentor|tutor|parent|mum|mom|mother|dad|father|grandmother|grandfather|grandma|grandpa"
    "|single parent|stay-at-home mom|stay-at-home dad|twin|only child|widow|widower|immigrant|expat"
    "|technician|economist|biologist|chemist|physicist|mathematician|historian|politician|geologist"
    "|data scientist|secretary|receptionist|cashier|clerk|salesperson|salesman|realtor|estate agent|broker"
    "|banker|barber|hairdresser|stylist|tailor|model|painter|sculptor|potter|illustrator|animator"
    "|undergraduate|undergrad|graduate|postgrad|freshman|sophomore|junior|senior|intern|apprentice"
    "|owner|guitarist|drummer|pianist|violinist|dj|comedian|astronaut|civil servant|activist|member of [\\w -]{3,30}"
)
ABILITIES = (
    "play|speak|cook|swim|drive|ride|sing|dance|code|program|knit|sew|crochet|ski|snowboard|surf|skate|bake"
    "|draw|paint|juggle|sail|dive|read music|touch type|type|build|weld|fix|repair|make sushi|whistle"
)
INABILITIES = (
    "swim|drive|cook|sing|dance|ride a bike|ski|code|program|draw|knit|sew|bake|whistle|read music"
    "|play (?:an? |the )?(?:instrument|piano|guitar|violin|chess|tennis|football)|hike|run|walk far"
)
PLAYED = (
    "piano|guitar|violin|cello|drums|bass|flute|saxophone|sax|trumpet|ukulele|clarinet|harp|keyboard"
    "|tennis|football|soccer|basketball|baseball|hockey|golf|rugby|cricket|volleyball|badminton|chess"
    "|squash|poker|bridge|video games|board games|games|table tennis|ping pong|pool|darts|softball"
    "|netball|lacrosse|d&d|dungeons|minecraft|fortnite|league of legends|cs|valorant"
)
DEEDS = (
    "go|do (?!it\\b|that\\b|this\\b|so\\b|have|love|like|enjoy|want|need|think|feel|my best|what)|eat|drink|run|walk|jog|cycle|bike|swim|hike|climb|cook|bake|read|write|watch|listen|play|practi[cs]e"
    "|train|work out|exercise|meditate|paint|draw|knit|sew|garden|volunteer|visit|travel|commute|take"
    "|wake up|get up|sleep|nap|shower|shop|buy|order|skip|have (?:an? )?(?:breakfast|lunch|dinner|coffee|tea|porridge|oatmeal|toast|eggs|cereal|salad|yoghurt|yogurt|smoothie|snack|glass)"
    "|start my day|do yoga|do pilates|do crossfit|do crosswords|do stretches|stretch|lift|attend|study|work from|work late|work on weekends|work nights|journal"
    "|smoke|call my|stay up|stay in|pay|drive|ride|fly|wear|use|smoke|vape|stream|teach|sing|dance|make (?:coffee|tea|bread|pasta|dinner|breakfast|lunch|music|a list)"
)
OFTEN = (
    "every (?:single )?(?:day|morning|evening|night|afternoon|week|weekend|month|year|summer|winter|spring|autumn|fall|other \\w+|\\w*day|two \\w+|few \\w+|chance)"
    "|each (?:day|morning|evening|night|week|month|year|weekend|\\w+day)|once (?:a|every|per) \\w+|twice (?:a|every|per) \\w+"
    "|(?:three|four|five|six|\\d) times (?:a|per) \\w+|daily|weekly|monthly|nightly|on (?:mon|tues|wednes|thurs|fri|satur|sun)days"
    "|on (?:weekends|weekdays)|on the weekends|at weekends|most (?:days|mornings|evenings|nights|weekends)|all the time|regularly|whenever i can|as often as i can|as much as i can"
)
MANNER = (
    "short|shorter|brief|briefer|concise|simple|simpler|succinct|crisp|formal|informal|casual|friendly|direct"
    "|blunt|honest|polite|detailed|long|longer|thorough|in-depth|step-by-step|technical|non-technical|plain"
    "|straightforward|professional|to-the-point|snappy|light|factual|neutral|precise|verbose|wordy|lengthy"
    "|long-winded|rambling|one-line|one-sentence|funny|sarcastic"
)
MANNERLY = "briefly|concisely|shortly|simply|formally|informally|directly|in detail|in depth|slowly|politely"
ANSWER = "answers?|repl(?:y|ies)|responses?|explanations?|messages|summaries|instructions from you|sentences"
DECORATION = (
    "emojis?|emoticons?|jargon|slang|small talk|bullet points|bullets|bulleted lists|markdown|tables|headings"
    "|fluff|filler|disclaimers?|pleasantries|flattery|exclamation (?:marks|points)|swearing|swear words"
    "|long (?:answers|replies|responses|explanations|paragraphs)|hashtags|abbreviations|apologies|spoilers"
    "|code comments|follow-up questions|technical terms|preamble|introductions|caveats|long-winded answers"
)
TONGUES = (
    "english|french|german|spanish|italian|portuguese|dutch|swedish|norwegian|danish|finnish|polish|czech"
    "|russian|ukrainian|greek|turkish|arabic|hebrew|hindi|urdu|bengali|punjabi|tamil|telugu|chinese|mandarin"
    "|cantonese|japanese|korean|vietnamese|thai|indonesian|malay|swahili|persian|farsi|welsh|irish|gaelic"
    "|catalan|basque|romanian|hungarian|bulgarian|serbian|croatian|latin|sign language|esperanto|tagalog"
)
BREAK = r"(?![\w'-])(?=\s*(?:$|[,.;:()—–]| - |(?:and|but|so|because|since|now|with|when|while|where|which|who|for|right|at the moment|these days|as well|too|very|really|pretty|quite|well|if|though|by|currently|on|after|before|until|every|in|from|then|to)\b))"

LEADING = (
    r"[ ]*(?:(?:what can i say|i gotta say|gotta say|well|yes|yeah|yep|yup|yea|oh|ah|aw|aww|wow|haha|lol|hmm|um|so|and|but|or|also|plus|honestly|personally|actually|because"
    r"|since|as|though|although|cause|'cause|cuz|ok|okay|hi|hey|hello|hey there|thanks|thank you|no|nope|sure|however|in general"
    r"|generally|usually|basically|frankly|to be honest|tbh|for me|as for me|nowadays|unfortunately|sadly"
    r"|luckily|fortunately|still|then|btw|by the way|fyi|in fact|of course|overall|absolutely|definitely|totally|cool|great|nice|right|same"
    r"|sorry|please|agreed|exactly|true|therefore|thus|hence|instead|anyway|anyways|besides|additionally|furthermore|moreover|even though|even"
    r"|while|whereas|plus|other than that|apart from that|that said|speaking of which|just so you know|fun fact|you know|note that|please note(?: that)?|remember(?: that)?|please remember(?: that)?|not gonna lie|ngl|truth is|the truth is|let's just say"
    r"|maybe|perhaps|probably|possibly|i think|i guess|i suppose|i'd say|i would say|i feel like|i believe|sometimes|apparently"
    r"|i must say|i have to (?:say|admit)|i must admit|i'll admit|i admit|i know|i mean|i realised|i realized|i discovered|i find|i've found|i found(?: out)?|i learned|it turns out|turns out|as you know|like i said|as i said|which is why|that's why|this is why"
    r")(?: that)?[ ,]+)*+"
    r"(?:(?:(?P<scope>(?:when|whenever|while|after|before|once)\b[^?!;]{0,80}?|(?:for|on|in|at|during|every|each|until|these|lately|right now|most|next|tomorrow|this (?:week|weekend|month|year|summer|winter|fall|autumn|spring))\b(?:(?!\bi\b)[^?!;]){0,80}?)"
    r"|(?:due to|because of|being|as an?|with|besides|apart from|other than|unlike|like) [^?!;]{2,60}?)[ ,]+)?"
)
NOT_SCOPE = r"(?:on the other hand|in my|at first|in fact|at least|on top of|for example|for instance|for sure|in that case|in the end|in addition|in order|in the meantime|in this way|for what|at this point|for one|for the record|in short|for real|in other words|on that note|for that|for me|for (?:ethical|health|religious|safety) reasons|in general|after all|at times|before)\b"
OTHERS = (
    r"(?:\b(?:said|says|saying|told (?:me|us|him|her)|tells (?:me|us)|asked|asks|wrote|writes|replied|goes|was like|is like|are like|lyrics?|quote|quoted|sings?|sang|chorus|title|titled|called|named|when|whenever|before|after|until|once|than|like"
    r"|wish|wished|if|unless|whether|imagine|suppose|pretend|as if|as though|(?<!i )say|translate|what|why|how|where|which|who|whom|that|places|things?|someone|one)[ ,:]*)$"
)
UNREAL = (
    r"(?:(?:ok|okay|so|well|now|and|please|hey|can you|could you)[ ,]+)*+(?:imagine|suppose|pretend|let's (?:say|pretend|imagine)|say that i|assume|assuming|what if|if (?:i|you|we|she|he|they) (?:were|was|had|could|would|liked|loved|only|hated|knew)|translate|write (?:me )?(?:an? |the )?(?:poem|story|song|letter|essay|email|mail|post|text|tweet|message|speech|dialogue|bio|review)"
    r"|act as|you are|roleplay|role-play|rewrite|summari[sz]e|proofread|correct (?:this|the)|complete (?:this|the)|fix (?:this|the)|repeat after|once upon|lyrics|in (?:the|this|my) (?:story|novel|film|movie|song|book|dream|game)\b"
    r"|as the (?:saying|song) goes|[\w ]{0,20}my character\b)"
)
VERBS = (
    "prefer|love|like(?! i\\b| you| that| this| when| what| a\\b)|enjoy|hate|dislike|avoid|loathe|despise|detest|can't|cannot|don't|do not|never|no longer|always|usually|often|rarely"
    "|tend to|only|exclusively|refuse to|refrain|find|am|'m|own|play|work as|work at|work for|work in|live|used to|would rather|strongly|really|strictly|much|have an?|have (?:two|three|no)|stick to|follow|eat|wear|drink"
    "|steer clear|stay away|adore|collect|volunteer|speak|can|study|teach|need to avoid|try to avoid|have been|have always|practice|practise|train|was born|grew up|moved|quit|stopped|gave up|switched|started (?:\\w+ing)|took up|absolutely|mostly|also|recently|currently|shop|buy|purchase|gravitate|plan to|want to|hope to"
)
JOINT = (
    rf"(?:,? and (?=(?:{DETERMINERS}) {ADJECTIVES}(?:{BELONGINGS})(?![\w-]))"
    rf"|(?:,? (?:and|but|yet|so|or|though)(?: also| now| instead| then| thus| therefore| i| generally| usually| so| still)*|;) ?(?=(?:{VERBS})\b)"
    r"|,(?: now| instead)? (?=(?:prefer|avoid|hate|dislike|love|don't|do not|never|can't|cannot)\b))"
)
FIRM = r"(?:an?|one|two|three|four|some) |have|own|am|'m|work|live|speak|always|usually|often|collect|volunteer|teach|study|used to|prefer|dislike|avoid|hate|loathe|despise|detest|enjoy|don't|do not|never|can't|cannot|refuse|no longer"
DEICTIC = r"\b(?:them|it|him|her|his|you|your|these|those|this|to that|in that|of that)\b"
NOT_DEEDS = r"(?:be|have|think|feel|believe|wonder|worry|know|get|say|want|need|see|hear|look|do (?:it|that|this)|make|always think|it|that|dread|wish)\b"
STOP = (
    r",? (?:it's|they're|that's|it is|they are)|, (?:it|they|he|she|we|you|that|there|i|my|the|this|so|who|coming|exploring)\b|[;!?:()\n\u2014\u2013]| - |\.(?=\s|$)|\.\.+|…|\s+(?:but|because|although|though|however|whereas|unless|if|so i|so it|so that|so we|so they|so my|'cause|cuz|cause|and i|and it|and we|and they|and my|and that|and this|and you|and he|and she|and there|and hope|and can't|and am|and want|and wanted|and got|and was|and had|and decided|or i"
    r"|since(?! (?:i was|\d|childhood|last))|as (?:i|it|they|he|she|we|my|the)\b|for (?:ethical|health|religious|environmental|personal|safety|medical) reasons|due to|thanks to|even though|even if|which|where|whose|except|until(?= i\b)|ever since|so much (?:that|i)|rather than|instead of|over(?= [a-z])|more than|than(?! \d)|like me|where)\b"
    r"|\s+(?:too|either|as well|anyways?|lol|haha|tbh|btw|though|please|thanks|yes)(?=[ ,]*$)"
)
SCOPE = (
    r"[ ,]+(?P<scope>(?:(?:especially|particularly|mainly|only|mostly|but only|just) )?(?:for (?:breakfast|lunch|dinner|dessert|supper|brunch|work|school|now|fun|exercise|relaxation|special occasions|the (?:weekend|summer|winter|time being|moment)|(?:about |over |almost |nearly |around )?(?:\d+|a|two|three|four|five|six|seven|eight|nine|ten|many|several|some|the (?:past|last)) (?:few |\d+ |couple of )?(?:years?|months?|weeks?|decades?))"
    r"|(?:on|at|in|over|during) (?:the |my |our )?(?:weekends?|weekdays?|week|mornings?|evenings?|afternoons?|nights?|summers?|winters?|spring|autumn|holidays?|vacation|hot days|cold days|rainy days|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|free time|spare time|work|home|night|bedtime|lunchtime|commute|childhood|car|gym|office)(?: (?:mornings?|evenings?|afternoons?|nights?))?"
    r"|(?:when|whenever|while|before|after)\b .+|since (?:i was|\d|childhood|last).*|(?:only )?(?:tonight|today|this (?:week|weekend|morning|evening|time|month|year|summer))|these days|nowadays|lately|right now|at the moment|at the minute"
    rf"|next (?:week|month|year|summer|spring|winter|fall|autumn|\w+day)|someday|one day|soon|(?:on a )?(?:{OFTEN})(?: .*)?|again|now|from time to time|as a (?:kid|child|teenager|teen|student))[ ,]*)$"
)
TAIL = r"(?:[\s,]+(?:a lot|very much|so much|too much|a great deal|the most|the best|as well|too|also|though|anyway|anyways|now|at all|in general|generally|either|especially|personally|at least|or anything|or something|and stuff|etc|and|or|for me|of course|very well|a bit|quite a bit|to be honest|by the way|in particular|dearly|lately|already|instead|so|with|for|in|as|to|of|best|more|better|lol|haha|man|dude|mate|bro|whenever possible|at all costs|if possible|where possible|if i can|when i can|really|in any form|or so|just|yet|actually|altogether|overall|the|ever|how|itself|even|that i|that)\b|[\s,]*[-'\"*_~)\]}&/🙂😊❤️]++)++$"
JUNK = (
    r"(?:to )?(?:$|to$|not$|their\b|(?:learning|taking|doing|making|going|attending|teaching|getting|playing|working|helping|trying|starting|being|exploring|pushing)(?: how)?$|a few$|few$|new things\b|(?:finding )?(?:a )?new hobb|(?:it|that|this|these|those|them|him|her|you|your|yours|they|he|she|we|us|me|myself|what|how|why|when|where|who|whatever|everything|anything(?! (?:involv|relat|that|with|to do|like|contain|spicy|sweet))|something|nothing|all|both|each|everyone|one|ones|some|someone|lots|much|so|too|there|here|the same|the fact|the idea|the way|the thought|the sound of that|the look|such|seeing (?:you|them|him|her|how|it|that|your|what|their)|being (?:able|there|here|part|a part|with you)"
    r"|hearing|talking (?:to|with) you|chatting|know|knowing|hear|say|see you|see (?:it|that|this|them|how|what|your|more)|help|assist|admit|think|believe|tell|ask|bother|interrupt|disappoint|burden|brag|complain|disagree|agree|add|point|mention|be (?:that|there|rude|a|the|able|honest|part|in|on)|feel|feeling|do (?:it|that|this|so)|thank|share (?:this|that|it|with|my)|let|try (?:it|that|this)|book|meet you|come|join you|check (?:it|that|out)|for you|about (?:it|that|this|you)|get to|catch|is|are|was|were|a (?:lot|bit|little|ton|moment|minute|question)|because|and|or|if|by|but|with|at all|work(?:ing)? (?:with|on) (?:you|this|that|it)|each other|one another|every (?:minute|second|moment|bit|part|single)|bits?|parts?|my (?:job done|words)|life|people|things|stuff|time|fun|make sure|make it)(?![\w'-])"
    r"|the (?!(?:outdoors|ocean|sea|beach|mountains?|cold|heat|sun|rain|snow|smell|sound|taste|feel|feeling of|texture|colou?rs? (?:red|blue|green|black|white|yellow|purple|pink|orange|grey|gray|brown)|theatre|theater|cinema|opera|gym|80s|90s|70s|60s|city|countryside|forest|woods|summer|winter|autumn|fall|spring|piano|violin|guitar|drums|cello|flute|dark|dentist|water|news)(?:$| of\b| and\b| or\b)|(?:beatles|lord of|witcher|rolling stones|traditional|classic|colou?r (?:red|blue|green|black|white|yellow|purple|pink|orange|gr[ea]y|brown))\b))"
)
ASKED = r"(?:,| -|\.|\u2013) ?(?:and |but |so |or )?(?:do|does|don't|did|didn't|are|aren't|is|isn't|have|haven't|has|can|could|would|will|should|what|what's|how|how's|why|where|who|which|when|any|anything|right|you|ok|okay|eh|huh|no|yes|got)\b[^,]*$"
ROUTINE = rf"(?:(?:{OFTEN})|(?:on|at|in|during) (?:the )?(?:weekends?|weekdays|mornings?|evenings|afternoons|nights?|winter|summer)|for (?:breakfast|lunch|dinner)|(?:before|after) (?:work|bed|breakfast|lunch|dinner|school)|when(?:ever)? .+)$"
SMALL = r"(?!going|listening|talking|travell?ing|walking|flying|driving|writing|moving|speaking|commuting|close|next|related|tailored|easy|to\b)[\w'-]+"
FUTURE = r"(?:next |tomorrow|this (?:coming|weekend|summer|winter|fall|autumn|spring|year))"
ONGOING = r"taking (?:an? |some )?(?:[\w-]+ ){0,3}?(?:class|classes|course|courses|lessons)|attending|practi[cs]ing|learning|studying|teaching|coaching|mentoring|tutoring|volunteering|doing yoga"
VENTURES = (
    "store|studio|business|company|shop|restaurant|bakery|startup|clinic|blog|podcast|channel"
)
JOY = r"(?:gives?|brings?) me (?:always |so much |such |a lot of |tons of |lots of |a great sense of |great |an? )*(?:joy|peace|happiness|satisfaction|comfort|fulfil?lment|escape)|makes? me (?:so |really |very |feel |truly )*(?:happy|calm|relaxed|alive|free)|(?:helps|lets) me (?:relax|de-stress|destress|unwind|escape|recharge|express myself|clear my (?:mind|head)|get my emotions out|chill)|(?:calms|relaxes|energi[sz]es|recharges) me|(?:always )?cheers? me up"
NO_DEED = r"just|am|be|feel|think|know|want|say|find|get|like|love|hate|enjoy|prefer|recommend|suggest|forget|wonder|worry|end up|have(?! (?:breakfast|lunch|dinner|coffee|tea|porridge))|do(?! (?:yoga|pilates|my|some))|try to remember|remember|see|hear|need|hope|agree|tell|mean|make sure|manage|can|could|would|was|had|were|did|don't"
