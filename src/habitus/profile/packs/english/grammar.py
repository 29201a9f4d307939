"""English sentences around a statement: what leads to it, ends it, limits it or makes it void."""

from __future__ import annotations

from habitus.profile.packs.english.words import ADJECTIVES, BELONGINGS, DETERMINERS, OFTEN

HEDGED = r"\b(?:maybe|perhaps|probably|possibly|i think|i guess|i suppose|i'd say|i would say|i feel like|i believe|sometimes|apparently|kind of|kinda|sort of|sorta|occasionally|might|guess|suppose|think)\b"
"""Words that make a statement less certain."""
LEADING = (
    r"[ ]*(?:(?:what can i say|i gotta say|gotta say|well|yes|yeah|yep|yup|yea|oh|ah|aw|aww|wow|haha|lol|hmm|um|so|and|but|or|also|plus|honestly|personally|actually|because"
    r"|since|as|though|although|cause|'cause|cuz|ok|okay|hi|hey|hello|hey there|thanks|thank you|no|nope|sure|however|in general"
    r"|generally|usually|basically|frankly|to be honest|tbh|for me|as for me|nowadays|unfortunately|sadly"
    r"|luckily|fortunately|still|then|btw|by the way|fyi|in fact|of course|overall|absolutely|definitely|totally|cool|great|nice|right|same"
    r"|sorry|please|agreed|exactly|true|therefore|thus|hence|instead|anyway|anyways|besides|additionally|furthermore|moreover|even though|even"
    r"|while|whereas|plus|other than that|apart from that|that said|speaking of which|just so you know|fun fact|you know|note that|please note(?: that)?|remember(?: that)?|please remember(?: that)?|not gonna lie|ngl|truth is|the truth is|let's just say"
    r"|maybe|perhaps|probably|possibly|i think|i guess|i suppose|i'd say|i would say|i feel like|i believe|sometimes|apparently"
    r"|i must say|i have to (?:say|admit)|i must admit|i'll admit|i admit|i know|i mean|i realised|i realized|i discovered|i find|i've found|i found(?: out)?|i learned|it turns out|turns out|as you know|like i said|as i said|guess what|get this|no joke|long story short|good news|big news|great news|(?:i )?(?:just )?(?:wanted|want|have|got|had) to (?:let you know|tell (?:you|ya)|share with you|share|fill you in)|(?:i'm )?so (?:excited|happy) to (?:tell you|share)|which is why|that's why|this is why"
    r")(?: that)?[ ,]+)*+"
    r"(?:(?:(?P<scope>(?:when|whenever|while|after|before|once)\b[^?!;]{0,80}?|(?:for|on|in|at|during|every|each|until|these|lately|right now|most|next|tomorrow|(?:just )?yesterday|last|this (?:week|weekend|month|year|summer|winter|fall|autumn|spring))\b(?:(?!\bi\b)[^?!;]){0,80}?|(?:(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}|a few|a couple(?: of)?|several|many|some) )?(?:years?|months?|weeks?|days?) (?:ago|back))"
    r"|(?:due to|because of|being|as an?|with|besides|apart from|other than|unlike|like) [^?!;]{2,60}?)[ ,]+)?"
)
"""What may stand between the start of a clause and "I"."""
NOT_SCOPE = r"(?:last (?:week|month|year|night|weekend|summer|winter|spring|fall|autumn|\w+day)|(?:just )?yesterday|(?:[\w ]{1,20} )?(?:years?|months?|weeks?|days?) (?:ago|back)|on the other hand|in my|at first|in fact|at least|on top of|for example|for instance|for sure|in that case|in the end|in addition|in order|in the meantime|in this way|for what|at this point|for one|for the record|in short|for real|in other words|on that note|for that|for me|for (?:ethical|health|religious|safety) reasons|in general|after all|at times|before)\b"
"""Words before "I" that look like a scope and limit nothing."""
OTHERS = (
    r"(?:\b(?:said|says|saying|told (?:me|us|him|her)|tells (?:me|us)|asked|asks|wrote|writes|replied|goes|was like|is like|are like|lyrics?|quote|quoted|sings?|sang|chorus|title|titled|called|named|when|whenever|before|after|until|once|than|like"
    r"|wish|wished|if|unless|whether|imagine|suppose|pretend|as if|as though|(?<!i )say|translate|(?<!guess )what|why|how|where|which|who|whom|that|places|things?|someone|one)[ ,:]*)$"
)
"""What stands before an "I" that is not the writer now: "she said", "if"."""
UNREAL = (
    r"(?:(?:ok|okay|so|well|now|and|please|hey|can you|could you)[ ,]+)*+(?:imagine|suppose|pretend|let's (?:say|pretend|imagine)|say that i|assume|assuming|what if|if (?:i|you|we|she|he|they) (?:were|was|had|could|would|liked|loved|only|hated|knew)|translate|write (?:me )?(?:an? |the )?(?:poem|story|song|letter|essay|email|mail|post|text|tweet|message|speech|dialogue|bio|review)"
    r"|act as|you are|roleplay|role-play|rewrite|summari[sz]e|proofread|correct (?:this|the)|complete (?:this|the)|fix (?:this|the)|repeat after|once upon|lyrics|in (?:the|this|my) (?:story|novel|film|movie|song|book|dream|game)\b"
    r"|as the (?:saying|song) goes|[\w ]{0,20}my character\b)"
)
"""How a sentence starts that supposes or orders a text."""
VERBS = (
    "prefer|love|like(?! i\\b| you| that| this| when| what| a\\b)|enjoy|hate|dislike|avoid|loathe|despise|detest|can't|cannot|don't|do not|never|no longer|always|usually|often|rarely"
    "|tend to|only|exclusively|refuse to|refrain|find|am|'m|own|play|work as|work at|work for|work in|live|used to|would rather|strongly|really|strictly|much|have an?|have (?:two|three|no)|stick to|follow|eat|wear|drink"
    "|steer clear|stay away|adore|collect|volunteer|speak|can|study|teach|need to avoid|try to avoid|have been|have always|practice|practise|train|was born|grew up|moved|quit|stopped|gave up|switched|started (?:\\w+ing)|took up|absolutely|mostly|also|recently|currently|shop|buy|purchase|gravitate|plan to|want to|hope to"
)
"""What a second predicate of the same "I" starts with."""
JOINT = (
    rf"(?:,? and (?=(?:{DETERMINERS}) {ADJECTIVES}(?:{BELONGINGS})(?![\w-]))"
    rf"|(?:,? (?:and|but|yet|so|or|though)(?: also| now| instead| then| thus| therefore| i| generally| usually| so| still)*|;) ?(?=(?:{VERBS})\b)"
    r"|,(?: now| instead)? (?=(?:prefer|avoid|hate|dislike|love|don't|do not|never|can't|cannot)\b))"
)
"""What joins it to the first."""
FIRM = r"(?:an?|one|two|three|four|some) |have|own|am|'m|work|live|speak|always|usually|often|collect|volunteer|teach|study|used to|prefer|dislike|avoid|hate|loathe|despise|detest|enjoy|don't|do not|never|can't|cannot|refuse|no longer"
"""What it starts with where the first predicate stated nothing."""
DEICTIC = r"\b(?:them|it|him|her|his|you|your|these|those|this|to that|in that|of that)\b"
"""Words that only the moment explains."""
NOT_DEEDS = r"(?:be|have|think|feel|believe|wonder|worry|know|get|say|want|need|see|hear|look|do (?:it|that|this)|make|always think|it|that|dread|wish)\b"
"""What after "used to" is no habit."""
STOP = (
    r",? (?:it's|they're|that's|it is|they are)|, (?:it|they|he|she|we|you|that|there|i|my|the|this|so|who|coming|exploring)\b|[;!?:()\n\u2014\u2013]| - |\.(?=\s|$)|\.\.+|…|\s+(?:but|because|although|though|however|whereas|unless|if|so i|so it|so that|so we|so they|so my|'cause|cuz|cause|and i|and it|and we|and they|and my|and that|and this|and you|and he|and she|and there|and hope|and can't|and am|and need|and could|and looking|and want|and wanted|and got|and was|and had|and decided|or i"
    r"|since(?! (?:i was|\d|childhood|last))|as (?:i|it|they|he|she|we|my|the)\b|for (?:ethical|health|religious|environmental|personal|safety|medical) reasons|due to|thanks to|even though|even if|which|where|whose|except|until(?= i\b)|ever since|so much (?:that|i)|rather than|instead of|over(?= [a-z])|more than|than(?! \d)|like me|where)\b"
    r"|\s+(?:too|either|as well|anyways?|lol|haha|tbh|btw|though|please|thanks|yes)(?=[ ,]*$)"
)
"""Where an object ends at the latest."""
SCOPE = (
    r"[ ,]+(?P<scope>(?:(?:especially|particularly|mainly|only|mostly|but only|just) )?(?:for (?:breakfast|lunch|dinner|dessert|supper|brunch|work|school|now|fun|exercise|relaxation|special occasions|the (?:weekend|summer|winter|time being|moment)|(?:about |over |almost |nearly |around )?(?:\d+|a|two|three|four|five|six|seven|eight|nine|ten|many|several|some|the (?:past|last)) (?:few |\d+ |couple of )?(?:years?|months?|weeks?|decades?))"
    r"|(?:on|at|in|over|during) (?:the |my |our )?(?:weekends?|weekdays?|week|mornings?|evenings?|afternoons?|nights?|summers?|winters?|spring|autumn|holidays?|vacation|hot days|cold days|rainy days|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|free time|spare time|work|home|night|bedtime|lunchtime|commute|childhood|car|gym|office)(?: (?:mornings?|evenings?|afternoons?|nights?))?"
    r"|(?:when|whenever|while|before|after)\b .+|since (?:i was|\d|childhood|last).*|(?:only )?(?:tonight|today|this (?:week|weekend|morning|evening|time|month|year|summer))|these days|nowadays|lately|right now|at the moment|at the minute"
    rf"|next (?:week|month|year|summer|spring|winter|fall|autumn|\w+day)|someday|one day|soon|(?:on a )?(?:{OFTEN})(?: .*)?|again|now|from time to time|as a (?:kid|child|teenager|teen|student))[ ,]*)$"
)
"""Words at the end of an object that limit it."""
AGO = r"(?:(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}|a few|a couple(?: of)?|several|many|some) )?(?:years?|months?|weeks?|days?) (?:ago|back)"
"""How long ago."""
TAIL = rf"(?:[\s,]+(?:{AGO}|last (?:year|month|week|night|summer|winter|spring|fall|autumn)|yesterday|recently|a lot|very much|so much|too much|a great deal|the most|the best|as well|too|also|though|anyway|anyways|now|at all|in general|generally|either|especially|personally|at least|or anything|or something|and stuff|etc|and|or|for me|of course|very well|a bit|quite a bit|to be honest|by the way|in particular|dearly|lately|already|instead|so|with|for|in|as|to|of|best|more|better|lol|haha|man|dude|mate|bro|whenever possible|at all costs|if possible|where possible|if i can|when i can|really|in any form|or so|just|yet|actually|altogether|overall|the|ever|how|itself|even|that i|that|about|around|here|there)\b|[\s,]*[-'\"*_~)\]}}&/🙂😊❤️]++)++$"
"""Words at the end of an object that are no part of it."""
JUNK = (
    r"(?:to )?(?:$|to$|not$|others$|keeping busy$|helping out$|networking$|being busy$|their\b|(?:learning|taking|doing|making|going|attending|teaching|getting|playing|working|helping|trying|starting|being|exploring|pushing)(?: how)?$|a few$|few$|new things\b|(?:finding )?(?:a )?new hobb|(?:it|that|this|these|those|them|him|her|you|your|yours|they|he|she|we|us|me|myself|what|how|why|when|where|who|whatever|everything|anything(?! (?:involv|relat|that|with|to do|like|contain|spicy|sweet))|something|nothing|all|both|each|everyone|one|ones|some|someone|lots|much|so|too|there|here|the same|the fact|the idea|the way|the thought|the sound of that|the look|such|seeing (?:you|them|him|her|how|it|that|your|what|their)|being (?:able|there|here|part|a part|with you)"
    r"|hearing|talking (?:to|with) you|chatting|know|knowing|hear|say|see you|see (?:it|that|this|them|how|what|your|more)|help|assist|admit|think|believe|tell|ask|bother|interrupt|disappoint|burden|brag|complain|disagree|agree|add|point|mention|be (?:that|there|rude|a|the|able|honest|part|in|on)|feel|feeling|do (?:it|that|this|so)|thank|share (?:this|that|it|with|my)|let|try (?:it|that|this)|book|meet you|come|join you|check (?:it|that|out)|for you|about (?:it|that|this|you)|get to|catch|is|are|was|were|a (?:lot|bit|little|ton|moment|minute|question)|because|and|or|if|by|but|with|at all|work(?:ing)? (?:with|on) (?:you|this|that|it)|each other|one another|every (?:minute|second|moment|bit|part|single)|booking|bits?|parts?|my (?:job done|words)|life|people|things|stuff|time|fun|make sure|make it)(?![\w'-])"
    r"|the (?!(?:outdoors|ocean|sea|beach|mountains?|cold|heat|sun|rain|snow|smell|sound|taste|feel|feeling of|texture|colou?rs? (?:red|blue|green|black|white|yellow|purple|pink|orange|grey|gray|brown)|theatre|theater|cinema|opera|gym|80s|90s|70s|60s|city|countryside|forest|woods|summer|winter|autumn|fall|spring|piano|violin|guitar|drums|cello|flute|dark|dentist|water|news)(?:$| of\b| and\b| or\b)|(?:beatles|lord of|witcher|rolling stones|traditional|classic|colou?r (?:red|blue|green|black|white|yellow|purple|pink|orange|gr[ea]y|brown))\b))"
)
"""How an object starts that states nothing."""
ASKED = r"(?:,| -|\.|\u2013) ?(?:and |but |so |or )?(?:do|does|don't|did|didn't|are|aren't|is|isn't|have|haven't|has|can|could|would|will|should|what|what's|how|how's|why|where|who|which|when|any|anything|right|you|ok|okay|eh|huh|no|yes|got)\b[^,]*$"
"""Where a question starts after a statement."""
ROUTINE = rf"(?:(?:{OFTEN})|(?:on|at|in|during) (?:the )?(?:weekends?|weekdays|mornings?|evenings|afternoons|nights?|winter|summer)|for (?:breakfast|lunch|dinner)|(?:before|after) (?:work|bed|breakfast|lunch|dinner|school)|when(?:ever)? .+)$"
"""A leading scope that makes a deed a habit."""
FUTURE = r"(?:next |tomorrow|this (?:coming|weekend|summer|winter|fall|autumn|spring|year))"
"""A leading scope that makes what one is doing a plan."""
